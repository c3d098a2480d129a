/**
 * Notes, after each test, whether it was one that provokes a wrong input: build/reports/
 * provoked-inputs.md then says of each what ran and how it ended, not what somebody wrote down.
 */

import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach } from "vitest";

import { PROVOKED_INPUTS } from "./provoked-inputs.ts";
import { ReportTable } from "./report-table.ts";
import type { Report } from "./report-table.ts";

type Column = "input" | "codes" | "test" | "fact" | "ended";

const REPORT: Report<Column> = {
  name: "provoked-inputs",
  title: "Wrong inputs: the tests that ran, and how each ended",
  columns: ["input", "codes", "test", "fact", "ended"],
  footer: (rows) => {
    const passed = new Set(rows.filter(({ ended }) => ended === "pass").map(({ input }) => input));
    const missing = PROVOKED_INPUTS.filter(({ input }) => !passed.has(input));
    const names = missing.map(({ input }) => input).join("; ");
    const rest = missing.length === 0 ? "" : ` Not provoked here: ${names}.`;
    return `${passed.size} of ${PROVOKED_INPUTS.length} wrong inputs were provoked.${rest}`;
  },
};

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const tables = new Map<string, ReportTable<Column>>();

afterEach(({ task }) => {
  const test = relative(ROOT, task.file.filepath).split(sep).join("/");
  for (const row of PROVOKED_INPUTS) {
    if (row.test !== test || row.fact !== task.name) continue;
    const source = test.replace(/^test\//, "").replace(/\.test\.ts$/, "");
    const table = tables.get(source) ?? new ReportTable(REPORT, source);
    tables.set(source, table);
    const ended = task.result?.state ?? "unknown";
    table.add({ input: row.input, codes: row.codes.join(", "), test, fact: row.fact, ended });
  }
});
