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

  it("adds up what is shown where a row is missing, and says a worse clock", () => {
    const without = shown((row) => (row.start.endsWith("T09:00:00Z") ? null : row));
    // A row that is hidden lets an interval say anything; one that never was is a gap.
    expect(saidOf(without)).toContain("ENERGY_ROWS_DIFFER intervals.9.load_wh");
    expect(saidOf(without)).toContain("ENERGY_ROWS_DIFFER intervals.9.coverage");
    const relative = shown((row) => ({ ...row, clock: "relative" }));
    expect(saidOf(relative)).toEqual(["ENERGY_CLOCK period.clock"]);
  });

  it("does not take one row twice for another, nor one between two", () => {
    const report = structuredClone(shown());
    const [{ disclosed = [] }] = report.anchors ?? [];
    disclosed[13] = disclosed[14];
    expect(saidOf(report)).toContain("ENERGY_ANCHOR_ROWS anchors");
    const late = (start: string) => start.replace("T07:00:00Z", "T07:00:01Z");
    expect(saidOf(shown((row) => ({ ...row, start: late(row.start) })))).toContain(
      "ENERGY_ANCHOR_ROWS anchors",
    );
  });

  it("names what is said to be better than its rows: coverage, quality, tier, role", () => {
    const worse = (change: Partial<AnchoredRow>) =>
      saidOf(
        shown((row) =>
          row.source === "plug-desk" && row.start.includes("T05:10") ? { ...row, ...change } : row,
        ),
      );
    expect(worse({ measured_ms: 0 })).toEqual(["ENERGY_ROWS_DIFFER intervals.5.coverage"]);
    expect(worse({ quality: "gap-filled" })).toEqual(["ENERGY_ROWS_DIFFER intervals.5.quality"]);
    expect(worse({ tier: "E-declared" })).toEqual(["ENERGY_SOURCE_TIER sources.0"]);
    expect(worse({ role: "generation" })).toEqual(["ENERGY_SOURCE_TIER sources.0"]);
    expect(worse({ tier: "A-revenue" })).toEqual([]);
  });

  it("names own energy that was made while nobody saw what the store took", () => {
    const isHidden = ({ source, start }: AnchoredRow) =>
      source === "store-to" && start.includes("T09:");
    const report = structuredClone(shown((row) => (isHidden(row) ? null : row)));
    // As if nothing had gone into the store then, and nobody had to ask.
    const [interval] = report.intervals.splice(9, 1);
    const { store: _store, ...rest } = interval;
    report.intervals.splice(9, 0, { ...rest, own_wh: interval.own_wh + 200 });
    expect(saidOf(report)).toEqual(["ENERGY_STORAGE_ORIGIN intervals.9.own_wh"]);
    report.intervals[9].store = { in_wh: 0, own_in_wh: 0, out_wh: 0, unseen_wh: 670 };
    report.intervals[9].own_wh = 0;
    expect(saidOf(report)).toEqual([]);
  });

  it("says of which days and sources no row is shown", () => {
    const findings = new Findings();
    checkRows(
      shown((row) => (row.role === "load" ? row : null)),
      findings,
      3_600_000,
    );
    expect(findings.contradictions).toEqual([]);
    expect(findings.unchecked.map(({ what }) => what)).toEqual([
      "own energy against anchored rows",
      "what a store took and gave against anchored rows",
    ]);
  });
});
