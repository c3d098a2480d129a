/**
 * Decides what lies in `build/package/` before the packager runs: the window's folder, which
 * becomes the archive, and for this system the folder of what plain Node runs.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { layOutWindow } from "../src-main/shell/lay-out-window.ts";
import { collectRuntime } from "./collect-runtime.mjs";

/** This system as a target; the C library is told from what Node reports of itself. */
export function thisSystem() {
  const { platform, arch } = process;
  if (platform !== "linux") return { platform, arch, libc: undefined };
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  const libc = report.header?.glibcVersionRuntime === undefined ? "musl" : "glibc";
  return { platform, arch, libc: /** @type {"glibc" | "musl"} */ (libc) };
}

/**
 * Lays everything out.
 * @param {object} wish
 * @param {string} wish.root     the tree, set up
 * @param {string} wish.folder   build/package, or another place
 * @param {string} wish.node     the Node to bundle
 */
export function layOut({ root, folder, node }) {
  const target = thisSystem();
  mkdirSync(folder, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  layOutWindow({
    sources: join(root, "src-main"),
    icon: join(root, "packaging", "icon.png"),
    version,
    target: join(folder, "app"),
  });
  const system = join(folder, `${target.platform}-${target.arch}`);
  return { ...collectRuntime({ root, folder: system, node, target }), target };
}
