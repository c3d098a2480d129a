/**
 * Decides what is written down of trainings compared step by step: which variant ran how many steps
 * to which last hash, and where each planted fault was found.
 */

import { ReportTable } from "./report-table.ts";

const COLUMNS = ["training", "engine", "steps", "outcome", "seconds"] as const;

/** Rows of build/reports/conformance.md. */
export type ConformanceRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** The report's rows of one test file. @param source  its path below test/, without its ending */
export function conformanceTable(source: string): ReportTable<(typeof COLUMNS)[number]> {
  return new ReportTable(
    {
      name: "conformance",
      title: "Conformance: equal hashes over many steps, and the faults that were planted",
      columns: COLUMNS,
      footer: (rows) => {
        const steps = rows.reduce((sum, row) => sum + Number(row.steps), 0);
        return `${steps} steps in all; each step's hash covers all states and the step before.`;
      },
    },
    source,
  );
}
