/**
 * Decides whether the intervals of a report are the sums of the rows that it discloses: the load,
 * the own plant, each generator that is told apart, and both ways of a store.
 */

import type { AnchoredRow, EnergyReport, ReportInterval } from "../../contract/energy-report.ts";
import type { Findings } from "./findings.ts";
import { readInstant } from "./report-time.ts";

const ROW_MS = 300_000;
const CLOCKS = ["synchronised", "unsynchronised", "relative"];

/** A figure of an interval and the sources whose rows add up to it. */
interface Figure {
  readonly field: string;
  readonly wh: number;
  readonly of: readonly string[];
}

/** Disclosed rows against the intervals they are part of. Says ENERGY_ROWS_DIFFER, ENERGY_CLOCK. */
export function checkRows(report: EnergyReport, findings: Findings, stepMs: number): void {
  const rows = (report.anchors ?? []).flatMap(({ disclosed = [] }) =>
    disclosed.map(({ row }) => row),
  );
  if (rows.length === 0) {
    findings.skip("the intervals against anchored rows", "the report discloses no rows");
    return;
  }
  checkClock(report, rows, findings);
  const figuresOf = figuresBy(report);
  const rowsAt = rowsByInterval(rows, stepMs);
  const perInterval = stepMs / ROW_MS;
  report.intervals.forEach((interval, at) => {
    const start = readInstant(interval.start);
    if (start === undefined) return;
    const there = rowsAt.get(start) ?? [];
    for (const { field, wh, of } of figuresOf(interval)) {
      const within = there.filter(({ source }) => of.includes(source));
      // Rows that are not there are gaps; only where all are shown do they have to add up.
      if (of.length === 0 || within.length < perInterval * of.length) continue;
      const sum = within.reduce((all, row) => all + row.wh, 0);
      if (sum === wh) continue;
      const text =
        `${field} of ${interval.start} stands for ${wh} Wh; its anchored rows add up to ` +
        `${sum} Wh.`;
      findings.say("ENERGY_ROWS_DIFFER", `intervals.${at}.${field}`, text);
    }
  });
}

function checkClock(report: EnergyReport, rows: readonly AnchoredRow[], findings: Findings): void {
  const worst = Math.max(...rows.map(({ clock }) => CLOCKS.indexOf(clock)));
  if (worst <= CLOCKS.indexOf(report.period.clock)) return;
  const said = `The clock is said to be ${report.period.clock}`;
  const text = `${said}; rows of the time say ${CLOCKS[worst]}.`;
  findings.say("ENERGY_CLOCK", "period.clock", text);
}

/** Rows by the begin of the interval that they lie in; steps begin at their own multiples. */
function rowsByInterval(rows: readonly AnchoredRow[], stepMs: number) {
  const found = new Map<number, AnchoredRow[]>();
  for (const row of rows) {
    const ms = readInstant(row.start);
    if (ms === undefined) continue;
    const begin = Math.floor(ms / stepMs) * stepMs;
    const there = found.get(begin);
    if (there === undefined) found.set(begin, [row]);
    else there.push(row);
  }
  return found;
}

function figuresBy({ sources }: EnergyReport): (interval: ReportInterval) => Figure[] {
  const parts = new Map(sources.map(({ id, parts: of }) => [id, of ?? [id]]));
  const ofStore = (way: "from" | "to"): string[] =>
    sources.flatMap(({ id, role, direction, parts: of }) =>
      role === "storage" && direction === way && of === undefined ? [id] : [],
    );
  const [from, to] = [ofStore("from"), ofStore("to")];
  return ({ load_src, load_wh, own_src, own_wh, own_parts = [], store }) => [
    { field: "load_wh", wh: load_wh, of: parts.get(load_src) ?? [] },
    // What went into a store was made as well.
    { field: "own_wh", wh: own_wh + (store?.own_in_wh ?? 0), of: parts.get(own_src ?? "") ?? [] },
    ...own_parts.map(({ id, wh }, at) => ({ field: `own_parts.${at}.wh`, wh, of: [id] })),
    { field: "store.in_wh", wh: store?.in_wh ?? 0, of: to },
    { field: "store.out_wh", wh: store?.out_wh ?? 0, of: from },
  ];
}
