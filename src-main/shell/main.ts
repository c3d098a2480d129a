/**
 * The window: what Electron runs, the only file that imports it. It brings the real parts together;
 * what they do is decided in the files beside this one.
 */

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { app, BrowserWindow, Menu, nativeImage, Tray } from "electron";

import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { DaemonLine } from "./daemon-line.ts";
import { daemonProgram, startDaemon } from "./daemon-program.ts";
import type { CommandEnd } from "./daemon-program.ts";
import type { MenuLine, TrayPart } from "./electron-parts.ts";
import { runWindow } from "./run-window.ts";
import { settleProgram } from "./settle-program.ts";
import { windowOptions } from "./window-options.ts";

/** A first start makes keys, genesis and data set; the command itself gives up at 60 s. */
const START_TIMEOUT_MS = 75_000;

/** How long a connection to a socket of this machine may take. */
const CONNECT_TIMEOUT_MS = 3_000;

/** Beside the program's folder, in a tree as in a package (lay-out-window.ts). */
const ICON = fileURLToPath(new URL("../icon.png", import.meta.url));

/** Edge length of the icon in the bar; each system scales it for its own screens. */
const TRAY_PIXELS = 20;

/** Runs the daemon's command; its words are read and never shown. */
function run(
  file: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<CommandEnd> {
  return new Promise((settle) => {
    const child = spawn(file, words, {
      env: environment,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: START_TIMEOUT_MS,
      windowsHide: true,
    });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.on("error", (error) => settle({ code: null, stdout, failure: error.message }));
    child.on("close", (code) => settle({ code, stdout, failure: "" }));
  });
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

function connectTo(socket: string): Promise<Outcome<DaemonLine>> {
  return new Promise((settle) => {
    const stream = connect(socket);
    stream.setTimeout(CONNECT_TIMEOUT_MS);
    const refuse = () => {
      stream.destroy();
      settle(reject("SHELL_DAEMON"));
    };
    stream.once("error", refuse);
    stream.once("timeout", refuse);
    stream.once("connect", () => {
      stream.setTimeout(0);
      stream.off("error", refuse);
      stream.off("timeout", refuse);
      settle(accept(new DaemonLine(stream, { after })));
    });
  });
}

function makeTray(): TrayPart | null {
  const icon = nativeImage.createFromPath(ICON);
  if (icon.isEmpty()) return null;
  const tray = new Tray(icon.resize({ width: TRAY_PIXELS, height: TRAY_PIXELS }));
  return {
    setToolTip: (text) => tray.setToolTip(text),
    setLines: (lines) => tray.setContextMenu(menuOf(lines)),
    onClick: (act) => void tray.on("click", act),
  };
}

function menuOf(lines: readonly MenuLine[]): Menu {
  return Menu.buildFromTemplate([...lines]);
}

// Two data folders are two miners: each has a window of its own, with its own lock.
const home = process.env["VIVIAN_HOME"] ?? "";
if (home !== "") app.setPath("userData", join(resolve(home), "window"));

// Not awaited: Electron is ready only once this file has been read to its end.
void runWindow({
  app,
  platform: process.platform,
  start: async () => {
    let resources: string;
    try {
      resources = settleProgram({
        resources: process.resourcesPath,
        image: app.isPackaged ? (process.env["APPIMAGE"] ?? "") : "",
        version: app.getVersion(),
        ownFolder: app.getPath("userData"),
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return reject("SHELL_PROGRAM", { reason });
    }
    const program = daemonProgram({
      isPackaged: app.isPackaged,
      resources,
      platform: process.platform,
      environment: process.env,
    });
    return program.ok ? startDaemon(program.value, process.env, run) : program;
  },
  connect: connectTo,
  readText: (path) => readFile(path, "utf8"),
  after,
  makeWindow: () => new BrowserWindow(windowOptions({ icon: ICON, inspectable: !app.isPackaged })),
  setMenu: (lines) => Menu.setApplicationMenu(menuOf(lines)),
  makeTray,
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
  app.exit(1);
});
