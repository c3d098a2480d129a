import { describe, expect, it } from "vitest";

import { weakestTier } from "../../../../src-main/contract/energy-report.ts";
import type { EnergyReport } from "../../../../src-main/contract/energy-report.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { checkReport, totalsOf } from "../../../../src-main/energy/report/index.ts";
import type { ReportPlan } from "../../../../src-main/energy/report/index.ts";
import type { EnergyRow } from "../../../../src-main/ports/energy-store.ts";
import {
  DAY_END,
  DAY_START,
  dayReport,
  plugSource,
  roofSource,
  signedAnew,
  storeSource,
} from "../../../worlds/energy-day.ts";

const HOUR = 3_600_000;

const during = (from: number, to: number, watts: number) => (hour: number) =>
  hour >= from && hour < to ? watts : 0;

/** A battery that gives 250 W from 20 to 23, charged in the hours given. */
const stored = (charge: (hour: number) => number, change: Partial<ReportPlan> = {}): EnergyReport =>
  dayReport({
    sources: [
      plugSource(),
      roofSource(),
      storeSource("to", charge),
      storeSource("from", during(20, 23, 250)),
    ],
    ...change,
  });

const checked = (report: EnergyReport) =>
  checkReport(report, { hasher: sha256, facts: null, previous: null, nowMs: DAY_END });
const codesOf = (report: EnergyReport): string[] => [
  ...new Set(checked(report).contradictions.map(({ code }) => code)),
];
const evening = (report: EnergyReport): number[] =>
  [20, 21, 22].map((hour) => report.intervals[hour].storage_wh);

/** Codes of a report that its maker changed and signed, totals made to fit. */
function fitting(change: (report: EnergyReport) => void): string[] {
  return codesOf(
    signedAnew(stored(during(10, 13, 300)), (report) => {
      change(report);
      report.totals = totalsOf(report);
    }),
  );
}

describe("energy/report/check-storage, while nobody saw what the battery took", () => {
  const hidden = (change: (row: EnergyRow) => EnergyRow | null): EnergyReport => {
    const charge = storeSource("to", () => 100);
    const at = (row: EnergyRow) => new Date(row.startMs).getUTCHours() === 11;
    const rows = charge.rows.flatMap((row) => (at(row) ? (change(row) ?? []) : row));
    return dayReport({ sources: [plugSource(), roofSource(), { ...charge, rows }] });
  };
  const noon = (report: EnergyReport) => report.intervals[11];

  it("counts nothing of what was made then as own energy, nor as stored", () => {
    const whole = hidden((row) => row);
    expect(noon(whole)).toMatchObject({ own_wh: 540, store: { in_wh: 100, own_in_wh: 100 } });
    expect(noon(whole).store?.unseen_wh).toBeUndefined();
    const gone = hidden(() => null);
    const nothing = { in_wh: 0, own_in_wh: 0, out_wh: 0, unseen_wh: 640 };
    expect(noon(gone)).toMatchObject({ own_wh: 0, store: nothing });
    const half = hidden((row) => (row.startMs % HOUR < HOUR / 2 ? row : null));
    expect(noon(half)).toMatchObject({ own_wh: 295, store: { in_wh: 50, unseen_wh: 295 } });
    // A register that was silent knows all that went in.
    const filled = hidden((row) => ({ ...row, measuredMs: 0, quality: "gap-filled" }));
    expect(noon(filled)).toMatchObject({ own_wh: 540 });
    for (const report of [whole, gone, half, filled]) expect(codesOf(report)).toEqual([]);
  });

  it("misses nothing before there was a battery", () => {
    const charge = storeSource("to", () => 100);
    const sinceMs = DAY_START + 12 * HOUR;
    const rows = charge.rows.filter(({ startMs }) => startMs >= sinceMs);
    const sources = [plugSource(), roofSource(), { ...charge, rows, sinceMs }];
    const report = dayReport({ sources });
    expect([noon(report).own_wh, report.intervals[12].own_wh]).toEqual([640, 550]);
  });
});

describe("energy/report/check-storage", () => {
  it("counts what a battery gives as the own plant's where that charged it", () => {
    const report = stored(during(10, 13, 300));
    expect(evening(report)).toEqual([250, 250, 250]);
    // What went in is no more own energy of that hour.
    expect(report.intervals[11]).toMatchObject({
      own_wh: 340,
      storage_wh: 0,
      store: { in_wh: 300, own_in_wh: 300, out_wh: 0 },
    });
    expect(report.storage).toEqual({ begin_own_wh: 0, begin_other_wh: 0 });
    expect(codesOf(report)).toEqual([]);
  });

  it("counts it as the grid's where the grid charged it, and a mix as a mix", () => {
    const night = stored(during(0, 3, 300));
    expect(evening(night)).toEqual([0, 0, 0]);
    expect(codesOf(night)).toEqual([]);
    const both = stored((hour) => during(0, 3, 100)(hour) + during(10, 12, 300)(hour));
    // 300 Wh of the grid and 600 Wh of the roof.
    expect(evening(both)).toEqual([166, 166, 167]);
    expect(codesOf(both)).toEqual([]);
    const never = stored(() => 0);
    expect(evening(never)).toEqual([0, 0, 0]);
    // The load that the grid's energy served by way of the battery is bought like any other.
    const roof = dayReport({ sources: [plugSource(), roofSource()] });
    expect(night.totals.matched_wh).toBe(roof.totals.matched_wh);
    expect(night.totals.location_g).toBe(roof.totals.location_g);
  });

  it("is of no better tier than what charged the store, and its own meters", () => {
    const good = stored(during(10, 13, 300));
    expect(weakestTier(good)).toBe("B-metered");
    const declared = (role: string) =>
      signedAnew(good, ({ sources }) => {
        for (const one of sources) if (one.role === role) one.tier = "E-declared";
      });
    expect(weakestTier(declared("storage"))).toBe("E-declared");
    const night = stored(during(0, 3, 300));
    const unused = signedAnew(night, ({ sources }) => {
      for (const one of sources) if (one.role === "storage") one.tier = "E-declared";
    });
    // None of what it gives is counted, so nothing rests on it.
    expect(weakestTier(unused)).toBe("B-metered");
  });

  it("begins with what was inside, says so, and holds no more than fits", () => {
    const store = { content: { own: 400, other: 100 }, capacityWh: 600 };
    const report = stored(() => 0, { store });
    expect(evening(report)).toEqual([200, 200, 0]);
    expect(report.storage).toEqual({ begin_own_wh: 400, begin_other_wh: 100, capacity_wh: 600 });
    expect(codesOf(report)).toEqual([]);
    const { unchecked } = checked(report);
    expect(unchecked.map(({ what }) => what)).toContain("what was in the store at the begin");
    const full = { content: { own: 400, other: 300 }, capacityWh: 600 };
    expect(codesOf(stored(() => 0, { store: full }))).toEqual(["ENERGY_STORAGE_ORIGIN"]);
  });

  it.each<[string, (report: EnergyReport) => void]>([
    ["more given back than went in", (r) => (r.intervals[3].storage_wh = 100)],
    ["a Wh more of the own plant's", (r) => (r.intervals[20].storage_wh += 1)],
    ["a store that took nothing", (r) => delete r.intervals[11].store],
    ["the grid's charge as the roof's", (r) => (r.intervals[2].store = IN_OF_NIGHT)],
    ["a store that nobody tells of", (r) => r.intervals.forEach((one) => delete one.store)],
    ["a begin of the grid's that is left out", (r) => (r.storage!.begin_other_wh = 500)],
    ["a store that cannot hold it", (r) => (r.storage!.capacity_wh = 300)],
  ])("names %s", (_what, change) => {
    expect(fitting(change)).toEqual(["ENERGY_STORAGE_ORIGIN"]);
  });
});

const IN_OF_NIGHT = { in_wh: 300, own_in_wh: 0, out_wh: 0 };
