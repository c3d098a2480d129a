/**
 * Decides how a report's intervals look as a table for spreadsheets: RFC 4180, one line an
 * interval, an empty field for what is not known. Nothing in it is signed; the JSON is.
 */

import type { EnergyReport, ReportInterval } from "../../contract/energy-report.ts";

const COLUMNS = [
  "start",
  "load_wh",
  "load_src",
  "register_end_wh",
  "coverage",
  "quality",
  "own_wh",
  "own_src",
  "storage_wh",
  "gc_wh",
  "grid_g_per_kwh",
  "grid_cfe",
  "grid_src",
  "grid_estimated",
  "marginal_g_per_kwh",
  "residual_g_per_kwh",
] as const satisfies readonly (keyof ReportInterval)[];

/** A field; text that a spreadsheet would take for a formula is kept from being one. */
function field(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  const text =
    typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The intervals as CSV. */
export function reportCsv({ intervals }: EnergyReport): string {
  const lines = intervals.map((interval) => COLUMNS.map((name) => field(interval[name])).join(","));
  return `${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}
