/**
 * Decides when a command opens the window, and how: as another program, which may not come about
 * and may not be waited for. The work never depends on it.
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Which program that is; a path and no import, for the window stands above this room. */
const PROGRAM = join(
  fileURLToPath(new URL("../../../", import.meta.url)),
  ...["src-main", "shell", "open-window.ts"],
);

/** Its words are one line; whatever else comes is not shown. */
const WORDS_CHARACTERS_MAX = 1_000;

/** What the decision follows from. */
export interface WindowWish {
  /** The owner has not asked for one without. */
  readonly isWanted: boolean;
  /** The command ends by itself. */
  readonly isPassing: boolean;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
}

/** True where a window can be seen, by somebody who stays. */
export function wantsWindow({ isWanted, isPassing, platform, environment }: WindowWish): boolean {
  const robot = environment["CI"] ?? "";
  if (!isWanted || isPassing || (robot !== "" && robot !== "false")) return false;
  return hasDisplay(platform, environment);
}

/** True where there is a screen: macOS and Windows always have one, Linux says so. */
export function hasDisplay(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): boolean {
  if (platform === "darwin" || platform === "win32") return true;
  return (environment["WAYLAND_DISPLAY"] ?? environment["DISPLAY"] ?? "") !== "";
}

/**
 * Starts the window's program on a data folder. It ends with this process.
 * @param tell     hears in one line why there is no window
 * @param program  another program, for tests
 * @returns how to end it, or null where this installation has no such program
 */
export function startWindow(
  home: string,
  tell: (line: string) => void,
  program: string = PROGRAM,
): (() => void) | null {
  // A package has its own window, which needs nobody to open it.
  if (!existsSync(program)) return null;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
    env: { ...process.env, VIVIAN_HOME: home },
    // Its standard input closes when this process ends, however that comes about.
    stdio: ["pipe", "ignore", "pipe"],
    // Ctrl-C is meant for the work; the window hears of the end by its standard input.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  let words = "";
  child.stderr.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString("utf8")).slice(0, WORDS_CHARACTERS_MAX);
  });
  child.on("error", (error) => tell(`No window: ${error.message}`));
  child.on("close", (code) => {
    const line = words.trim().split("\n").at(-1) ?? "";
    if (code !== 0 && line !== "") tell(line);
  });
  child.stdin.on("error", () => undefined);
  child.unref();
  for (const pipe of [child.stdin, child.stderr]) unref(pipe);
  return () => child.stdin.end();
}

/** A pipe of a child keeps the event loop waiting unless it is told not to. */
function unref(pipe: object): void {
  if ("unref" in pipe && typeof pipe.unref === "function") (pipe.unref as () => void).call(pipe);
}
