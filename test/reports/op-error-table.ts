/** Decides what is written down of the measured errors of ops. */

import { ReportTable } from "./report-table.ts";

const COLUMNS = ["op", "error at most", "measured", "values"] as const;

/** Rows of build/reports/op-errors.md. @param source  path of the test, without its ending */
export function opErrorTable(source: string): ReportTable<(typeof COLUMNS)[number]> {
  const title = "Errors of ops against doubles";
  return new ReportTable({ name: "op-errors", title, columns: COLUMNS }, source);
}
