/**
 * Decides how what the tests did to the program becomes a table: each test adds a row with the
 * rounds it ran and what came of them, and after each row the report is written again from the
 * rows of all tests.
 */

import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPORTS = fileURLToPath(new URL("../../build/reports", import.meta.url));

/** The reports there are, and what stands above their tables. */
const TITLES = {
  crashes: "Crashes: what was cut, killed or damaged, and what came of it",
  cheats: "Cheats: what was tried, and what came of it",
} as const;

/** A report of rounds. */
export type ReportName = keyof typeof TITLES;

/** What was done in the rounds of one row. */
export interface RoundsDone {
  readonly rounds: number;
  /** What came of all of them, in a few words. */
  readonly outcome: string;
}

interface Row extends RoundsDone {
  readonly where: string;
  readonly seconds: number;
}

/** The rows of one test file. */
export class RoundTable {
  readonly #report: ReportName;
  readonly #source: string;
  readonly #rows: Row[] = [];

  /** @param source  the test's path below test/, without its ending */
  constructor(report: ReportName, source: string) {
    this.#report = report;
    this.#source = source;
  }

  /** Runs the rounds of a row and writes it down, also when they fail. */
  async row<T extends RoundsDone>(where: string, run: () => Promise<T> | T): Promise<T> {
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1_000;
    try {
      const done = await run();
      this.#add({ where, rounds: done.rounds, outcome: done.outcome, seconds: seconds() });
      return done;
    } catch (error) {
      const words = error instanceof Error ? error.message.split("\n")[0] : String(error);
      this.#add({
        where,
        rounds: 0,
        outcome: `FAILED: ${words.slice(0, 120)}`,
        seconds: seconds(),
      });
      throw error;
    }
  }

  #add(row: Row): void {
    this.#rows.push(row);
    const folder = join(REPORTS, this.#report);
    mkdirSync(folder, { recursive: true });
    const file = `${this.#source.replaceAll("/", ".")}.json`;
    replace(join(folder, file), JSON.stringify({ source: this.#source, rows: this.#rows }));
    replace(join(REPORTS, `${this.#report}.md`), tableOf(this.#report, folder));
  }
}

/** Test files write at the same time; a reader finds a whole file. */
function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

function tableOf(report: ReportName, folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  names.sort((left, right) => (left < right ? -1 : 1));
  const lines = [`# ${TITLES[report]}`, "", "Written by the tests.", ""];
  lines.push("| test | where | rounds | outcome | seconds |", "|---|---|---:|---|---:|");
  let rounds = 0;
  for (const name of names) {
    const text = readFileSync(join(folder, name), "utf8");
    const { source, rows } = JSON.parse(text) as { source: string; rows: Row[] };
    for (const row of rows) {
      rounds += row.rounds;
      const cells = [source, row.where, row.rounds, row.outcome, row.seconds.toFixed(1)];
      lines.push(`| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`);
    }
  }
  lines.push("", `${rounds} rounds in all.`, "");
  return lines.join("\n");
}
