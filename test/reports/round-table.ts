/**
 * Decides what is written down of rounds of crashes: each test adds a row with the rounds it ran
 * and what came of them.
 */

import { ReportTable } from "./report-table.ts";
import type { Report } from "./report-table.ts";

type Column = "test" | "where" | "rounds" | "outcome" | "seconds";

/** The reports of rounds there are. */
const REPORTS = {
  crashes: {
    name: "crashes",
    title: "Crashes: what was cut, killed or damaged, and what came of it",
    columns: ["test", "where", "rounds", "outcome", "seconds"],
    footer: (rows) => {
      const all = rows.reduce((sum, { rounds }) => sum + Number(rounds), 0);
      return `${all} rounds in all.`;
    },
  },
} as const satisfies Record<string, Report<Column>>;

/** A report of rounds. */
export type ReportName = keyof typeof REPORTS;

/** What was done in the rounds of one row. */
export interface RoundsDone {
  readonly rounds: number;
  /** What came of all of them, in a few words. */
  readonly outcome: string;
}

/** The rows of one test file. */
export class RoundTable {
  readonly #table: ReportTable<Column>;
  readonly #source: string;

  /** @param source  the test's path below test/, without its ending */
  constructor(report: ReportName, source: string) {
    this.#table = new ReportTable<Column>(REPORTS[report], source);
    this.#source = source;
  }

  /** Runs the rounds of a row and writes it down, also when they fail. */
  async row<T extends RoundsDone>(where: string, run: () => Promise<T> | T): Promise<T> {
    const began = performance.now();
    const add = (rounds: number, outcome: string) => {
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      this.#table.add({ test: this.#source, where, rounds: String(rounds), outcome, seconds });
    };
    try {
      const done = await run();
      add(done.rounds, done.outcome);
      return done;
    } catch (error) {
      const words = error instanceof Error ? error.message.split("\n")[0] : String(error);
      add(0, `FAILED: ${words.slice(0, 120)}`);
      throw error;
    }
  }
}
