import { describe, expect, it } from "vitest";

import type { AnchoredRow, EnergyReport } from "../../../../src-main/contract/energy-report.ts";
import { checkRows } from "../../../../src-main/energy/report/check-rows.ts";
import { anchoredRow } from "../../../../src-main/energy/report/day-tree.ts";
import { Findings } from "../../../../src-main/energy/report/findings.ts";
import {
  dayReport,
  millSource,
  plugSource,
  roofSource,
  storeSource,
} from "../../../worlds/energy-day.ts";

const SOURCES = [
  plugSource(),
  roofSource(),
  millSource(() => 150),
  storeSource("to", (hour) => (hour < 12 ? 200 : 0)),
  storeSource("from", (hour) => (hour >= 18 ? 300 : 0)),
];

/** A report of the day, with every row shown; only what rows say is looked at here. */
function shown(change: (row: AnchoredRow) => AnchoredRow | null = (row) => row): EnergyReport {
  const report = dayReport({ sources: SOURCES });
  const rows = SOURCES.flatMap(({ rows: all, identity: { role, tier } }) =>
    all.map((row) => change(anchoredRow({ row, role, tier }))).filter((row) => row !== null),
  );
  const disclosed = rows.map((row, at) => ({ index: at + 1, salt: "00".repeat(16), row }));
  return { ...report, anchors: [{ disclosed }] as unknown as EnergyReport["anchors"] };
}

function saidOf(report: EnergyReport): string[] {
  const findings = new Findings();
  checkRows(report, findings, 3_600_000);
  return findings.contradictions.map(({ code, where }) => `${code} ${where}`);
}

const changed = (change: (report: EnergyReport) => void): string[] => {
  const report = structuredClone(shown());
  change(report);
  return saidOf(report);
};

describe("energy/report/check-rows", () => {
  it("finds rows that add up to every figure, a battery's charge included", () => {
    const report = shown();
    expect(report.intervals[9]).toMatchObject({ store: { in_wh: 200, own_in_wh: 200 } });
    expect(saidOf(report)).toEqual([]);
  });

  it.each<[string, (report: EnergyReport) => void]>([
    ["9.load_wh", (r) => (r.intervals[9].load_wh += 1)],
    ["9.own_wh", (r) => (r.intervals[9].own_wh -= 1)],
    ["9.own_parts.1.wh", (r) => (r.intervals[9].own_parts![1].wh += 1)],
    ["9.store.in_wh", (r) => (r.intervals[9].store!.in_wh += 1)],
    ["20.store.out_wh", (r) => (r.intervals[20].store!.out_wh -= 1)],
    ["20.store.out_wh", (r) => delete r.intervals[20].store],
  ])("names %s that its rows do not make", (where, change) => {
    expect(changed(change)).toEqual([`ENERGY_ROWS_DIFFER intervals.${where}`]);
  });

  it("does not add up where a row is missing, and says a worse clock", () => {
    const first = shown((row) => (row.start.endsWith("T09:00:00Z") ? null : row));
    const report = structuredClone(first);
    report.intervals[9].load_wh += 50;
    expect(saidOf(report)).toEqual([]);
    const relative = shown((row) => ({ ...row, clock: "relative" }));
    expect(saidOf(relative)).toEqual(["ENERGY_CLOCK period.clock"]);
  });
});
