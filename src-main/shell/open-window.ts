/**
 * Opens the window from a tree: `node src-main/shell/open-window.ts`, started by `vivian start`
 * where there is a display. It ends with its starter (when its standard input closes) and says in
 * one line on stderr why there is no window.
 */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { explainCode, factsText } from "../contract/explain.ts";
import type { Rejection } from "../contract/outcome.ts";
import { electronProgram, endRefusal, reasonIn, userRefusal } from "./electron-program.ts";
import { layOutWindow } from "./lay-out-window.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const inRoot = (...parts: string[]) => join(root, ...parts);

/** Some 110 MiB are fetched; a line that has not managed that by then is not waited for. */
const INSTALL_TIMEOUT_MS = 300_000;

/** How long a window may take to close when its starter has ended. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Ends this program too when the starter has; whatever runs is ended with it. */
let endRunning: () => void = () => undefined;
process.stdin.on("end", () => endRunning());
process.stdin.on("error", () => endRunning());
process.stdin.resume();

const refused = userRefusal(process.platform, process.getuid?.() ?? -1) ?? (await open());
if (refused !== null) {
  const { what, next } = explainCode(refused.code);
  const facts = factsText(refused.facts ?? {});
  const named = facts === "" ? "" : ` (${facts})`;
  process.stderr.write(`${refused.code}: ${what.replace(/\.$/, "")}${named}. ${next}\n`);
}
process.exit(refused === null ? 0 : 1);

/** Why there is no window, or null once it has been closed. */
async function open(): Promise<Rejection | null> {
  const electron = await electronProgram(
    {
      folder: inRoot("node_modules", "electron"),
      note: inRoot("build", "stamps", "electron-failed"),
      environment: process.env,
    },
    install,
  );
  if (!electron.ok) return electron.rejection;
  const manifest = JSON.parse(readFileSync(inRoot("package.json"), "utf8")) as { version: string };
  const target = inRoot("build", "window");
  layOutWindow({
    sources: inRoot("src-main"),
    icon: inRoot("packaging", "icon.png"),
    version: manifest.version,
    target,
  });
  return runToEnd(electron.value, target);
}

function install(file: string): Promise<string> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [file], {
      cwd: dirname(file),
      stdio: ["ignore", "ignore", "pipe"],
      timeout: INSTALL_TIMEOUT_MS,
    });
    let words = "";
    child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString("utf8")));
    child.on("error", (error) => settle(error.message));
    child.on("close", (code, signal) => {
      if (code === 0) settle("");
      else settle(signal === null ? reasonIn(words) : "it took too long, or was ended");
    });
    endRunning = () => child.kill();
  });
}

function runToEnd(electron: string, folder: string): Promise<Rejection | null> {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    VIVIAN_WINDOW_NODE: process.execPath,
    VIVIAN_WINDOW_CLI: inRoot("src-main", "processes", "cli.ts"),
  };
  // Set by some editors' terminals, it would make Electron a plain Node.
  delete environment["ELECTRON_RUN_AS_NODE"];
  return new Promise((settle) => {
    const child = spawn(electron, [folder], { env: environment, stdio: "ignore" });
    child.on("error", (error) => settle(endRefusal(null, error.message)));
    child.on("close", (code, signal) => settle(endRefusal(code, signal)));
    endRunning = () => {
      child.kill();
      setTimeout(() => child.kill("SIGKILL"), CLOSE_TIMEOUT_MS).unref();
    };
  });
}
