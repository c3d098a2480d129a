/** `vivian open`: shows the page in the owner's browser, with a session of its own. */

import { spawn } from "node:child_process";

import { InvalidArgumentError } from "commander";
import type { Command } from "commander";

import { SESSION_LEVELS } from "../../contract/control-api/index.ts";
import type { SessionLevel } from "../../contract/control-api/index.ts";
import { need } from "./failure.ts";
import { answer, openSession, withDaemon } from "./session.ts";

/** Adds the verb. */
export function addOpen(program: Command): void {
  program
    .command("open")
    .description("show the page in a browser")
    .option("--level <level>", "what it may do: view, operate or spend", readLevel, "spend")
    .option("--no-browser", "only say which file opens it")
    .option("--json", "answer as JSON; starts no browser")
    .action(async (options: { level: SessionLevel; browser: boolean; json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const opened = need(await client.call("page.open", { level: options.level }));
        const shows = options.browser && !session.json && startBrowser(opened.file);
        answer(session, opened, [
          shows ? "Opening the page in your browser." : "Open this file in a browser:",
          opened.file,
          `It counts once, within ${opened.expiresInMs / 1_000} s; it leads to ${opened.address}`,
        ]);
      });
    });
}

function readLevel(text: string): SessionLevel {
  const level = SESSION_LEVELS.find((name) => name === text);
  if (level === undefined) throw new InvalidArgumentError(`It is ${SESSION_LEVELS.join(", ")}.`);
  return level;
}

/**
 * The system's way to open a file; null where there is no display. Only the file's path goes onto
 * the command line, which every user can read; the code stays inside.
 */
export function browserCommand(
  file: string,
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | null {
  if (platform === "darwin") return ["open", file];
  if (platform === "win32") return ["explorer.exe", file];
  const display = environment["WAYLAND_DISPLAY"] ?? environment["DISPLAY"] ?? "";
  return display === "" ? null : ["xdg-open", file];
}

/** False where nothing could be started; whether a window opens nobody says. */
function startBrowser(file: string): boolean {
  const command = browserCommand(file, process.platform, process.env);
  if (command === null) return false;
  const [program, ...words] = command;
  const child = spawn(program, words, { detached: true, stdio: "ignore" });
  child.on("error", () => process.stderr.write("No browser could be started.\n"));
  child.unref();
  return child.pid !== undefined;
}
