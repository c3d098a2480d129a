/** `vivian logs`: the newest lines of the daemon's log, also while it is not running. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";

import { folderFault } from "../config/data-folder.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { readWhole } from "./read-number.ts";
import { answer, openSession } from "./session.ts";

/** Lines that are asked for at most; more is a file, and its place is told. */
const LINES_MAX = 100_000;

interface LogsOptions {
  readonly json?: boolean;
  readonly lines: number;
  readonly level?: string;
}

/** Adds the verb. */
export function addLogs(program: Command): void {
  program
    .command("logs")
    .description("show the newest lines of the daemon's log")
    .option("--lines <count>", "how many", readWhole("line", LINES_MAX), 50)
    .option("--level <level>", "only warn (and error), or only error")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExample:\n  vivian logs --level warn")
    .action((options: LogsOptions) => {
      const session = openSession(options);
      const lines = newestLines(session.folder, options);
      answer(session, { folder: session.folder.logs, lines }, lines);
    });
}

function newestLines({ logs }: DataFolder, { lines, level }: LogsOptions): string[] {
  const shown = wordsOf(level);
  const newest: string[] = [];
  try {
    for (const file of logFiles(logs)) {
      const all = readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      newest.unshift(...all.filter((line) => shown === null || shown.test(line)));
      if (newest.length >= lines) break;
    }
  } catch (error) {
    throw folderFault(logs, error);
  }
  return newest.slice(-lines);
}

/** A line is time, level, words; null shows all of them. */
function wordsOf(level: string | undefined): RegExp | null {
  if (level === "error") return /^\S+ error/;
  return level === "warn" ? /^\S+ (warn|error)/ : null;
}

/** The log's files, newest first: daemon.log, daemon.1.log … */
function logFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const numbered = readdirSync(folder).flatMap((name) => {
    const [, number] = /^daemon(?:\.([0-9]+))?\.log$/.exec(name) ?? [null, null];
    return number === null ? [] : [{ name, age: Number(number ?? 0) }];
  });
  return numbered.sort((a, b) => a.age - b.age).map(({ name }) => join(folder, name));
}
