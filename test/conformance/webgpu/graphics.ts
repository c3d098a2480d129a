/**
 * Decides on which graphics adapter tests compute: the machine's own, or the software adapter that
 * comes with Chromium. Drivers are chosen when a process starts, so all of it runs in children.
 */
import { fork } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where Debian and others put Chromium with its software adapter and Vulkan's loader. */
const CHROMIUM_FOLDERS = ["/usr/lib/chromium", "/usr/lib64/chromium-browser", "/opt/google/chrome"];

const SOFTWARE = CHROMIUM_FOLDERS.find(
  (folder) =>
    existsSync(join(folder, "vk_swiftshader_icd.json")) &&
    existsSync(join(folder, "libvulkan.so.1")),
);

/** A child that is slower than this hangs. */
const CHILD_TIMEOUT_MS = 240_000;

/** What a child's environment needs for the software adapter; nothing where it is not here. */
export function softwareGraphics(): NodeJS.ProcessEnv {
  if (SOFTWARE === undefined || process.env["VIVIAN_TEST_GPU"] === "own") return {};
  const driver = join(SOFTWARE, "vk_swiftshader_icd.json");
  return {
    VK_DRIVER_FILES: driver,
    VK_ICD_FILENAMES: driver,
    LD_LIBRARY_PATH: SOFTWARE,
    XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), "vivian-gpu-")),
  };
}

/**
 * Runs a task of `graphics-child.ts` to its end.
 * @returns its answer; throws with the child's words where it gave none
 */
export function inGraphicsChild<T>(task: string, ...parameters: readonly unknown[]): Promise<T> {
  const path = fileURLToPath(new URL("./graphics-child.ts", import.meta.url));
  const child = fork(path, [task, JSON.stringify(parameters)], {
    execArgv: [],
    serialization: "advanced",
    env: { ...process.env, ...softwareGraphics() },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    timeout: CHILD_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-4_000);
  });
  return new Promise((resolve, reject) => {
    child.once("message", (answer) => resolve(answer as T));
    child.once("close", (code, signal) =>
      reject(new Error(`${task} ended with ${signal ?? `code ${code}`}: ${words}`)),
    );
  });
}

/** Names of the adapters that tests find; none where nothing computes here. */
export async function testAdapters(): Promise<readonly string[]> {
  const names = await inGraphicsChild<readonly string[]>("adapters");
  if (names.length === 0) {
    console.log("webgpu is not compared: no graphics adapter here (Debian: apt install chromium)");
  }
  return names;
}
