/**
 * Decides how what the tests show becomes a table: each test file adds its rows, and after each
 * row build/reports/<name>.md is written again from the rows of all test files.
 */

import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPORTS = fileURLToPath(new URL("../../build/reports", import.meta.url));

/** A report: its file's name, its heading and the columns of its table. */
export interface Report<C extends string> {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly C[];
  /** A line below the table. */
  readonly footer?: (rows: readonly Readonly<Record<C, string>>[]) => string;
}

/** The rows of one test file in a report. */
export class ReportTable<C extends string> {
  readonly #report: Report<C>;
  readonly #source: string;
  readonly #rows: Readonly<Record<C, string>>[] = [];

  /** @param source  the test file's path below test/, without its ending */
  constructor(report: Report<C>, source: string) {
    this.#report = report;
    this.#source = source;
  }

  add(row: Readonly<Record<C, string>>): void {
    this.#rows.push(row);
    const folder = join(REPORTS, this.#report.name);
    mkdirSync(folder, { recursive: true });
    replace(join(folder, `${this.#source.replaceAll("/", ".")}.json`), JSON.stringify(this.#rows));
    replace(join(REPORTS, `${this.#report.name}.md`), markdown(this.#report, folder));
  }
}

/** Test files write at the same time; a reader finds a whole file. */
function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

function markdown<C extends string>(report: Report<C>, folder: string): string {
  const { title, columns, footer } = report;
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  names.sort((left, right) => (left < right ? -1 : 1));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rows = names.flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return JSON.parse(text) as Readonly<Record<C, string>>[];
  });
  return [
    `# ${title}`,
    "",
    "Written by the tests.",
    "",
    line(columns),
    line(columns.map(() => "---")),
    ...rows.map((row) => line(columns.map((column) => row[column]))),
    ...(footer === undefined ? [] : ["", footer(rows)]),
    "",
  ].join("\n");
}
