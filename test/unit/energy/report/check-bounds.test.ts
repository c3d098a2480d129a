import { describe, expect, it } from "vitest";

import type { EnergyReport } from "../../../../src-main/contract/energy-report.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { checkReport, totalsOf } from "../../../../src-main/energy/report/index.ts";
import type { PlannedSource } from "../../../../src-main/energy/report/index.ts";
import {
  DAY_END,
  dayReport,
  millSource,
  plugSource,
  roofSource,
  rowsOf,
  signedAnew,
  storeSource,
} from "../../../worlds/energy-day.ts";

/** A roof beside a mill that gives 150 W all day and night. */
const mixed = (...more: readonly PlannedSource[]): EnergyReport =>
  dayReport({ sources: [plugSource(), roofSource(), millSource(() => 150), ...more] });

const checked = (report: EnergyReport) =>
  checkReport(report, { hasher: sha256, facts: null, previous: null, nowMs: DAY_END });

const saidOf = (report: EnergyReport) =>
  checked(report).contradictions.map(({ code, where }) => `${code} ${where}`);

/** What is said of a report that its maker changed and signed, totals made to fit. */
function fitting(change: (report: EnergyReport) => void): string[] {
  const report = signedAnew(mixed(), (one) => {
    change(one);
    one.totals = totalsOf(one);
  });
  return saidOf(report);
}

describe("energy/report/check-bounds, the sun in a mixed sum", () => {
  it("finds nothing in a sound one, which tells its parts apart", () => {
    const report = mixed();
    expect(report.intervals[12]).toMatchObject({
      own_src: "own-sum",
      own_wh: 800,
      own_parts: [
        { id: "roof", wh: 650 },
        { id: "mill", wh: 150 },
      ],
    });
    expect(saidOf(report)).toEqual([]);
    // One kind of plant alone needs no parts.
    expect(dayReport().intervals[12]).not.toHaveProperty("own_parts");
  });

  it("names the sun's part of a midnight, which the wind's would hide", () => {
    const said = fitting((report) => {
      report.intervals[0].own_parts = [
        { id: "roof", wh: 150 },
        { id: "mill", wh: 0 },
      ];
    });
    expect(said).toEqual(["ENERGY_SUN_NIGHT intervals.0.own_parts.0.wh"]);
    const shining = roofSource(rowsOf("roof", () => 90));
    const meters = [plugSource(), millSource(() => 150), shining];
    const night = saidOf(dayReport({ sources: meters }));
    expect(night).toContain("ENERGY_SUN_NIGHT intervals.0.own_parts.1.wh");
  });

  it("names more of the sun than a clear sky gives, whatever the sum", () => {
    const said = fitting((report) => {
      report.intervals[3].own_wh = 850;
      report.intervals[3].own_parts = [
        { id: "roof", wh: 700 },
        { id: "mill", wh: 150 },
      ];
    });
    expect(said).toEqual(["ENERGY_SUN_BOUND intervals.3.own_parts.0.wh"]);
  });

  it("names parts that are not those of the sum, or do not add up to it", () => {
    const [roof, mill] = [
      { id: "roof", wh: 0 },
      { id: "mill", wh: 150 },
    ];
    const parts = (own_parts: EnergyReport["intervals"][number]["own_parts"]) =>
      fitting((report) => (report.intervals[0].own_parts = own_parts));
    expect(parts([roof, { ...mill, wh: 140 }])).toEqual(["ENERGY_TOTALS intervals.0.own_parts"]);
    const other = "ENERGY_SOURCE_UNKNOWN intervals.0.own_parts";
    expect(parts([{ ...roof, id: "plug-desk" }, mill])).toEqual([other]);
    expect(parts([mill, { ...mill, wh: 0 }])).toEqual([other]);
  });

  it("says that it could not look where the parts are left out", () => {
    const report = signedAnew(mixed(), (one) =>
      one.intervals.forEach((interval) => delete interval.own_parts),
    );
    const { contradictions, unchecked } = checked(report);
    expect(contradictions).toEqual([]);
    expect(unchecked.map(({ what }) => what)).toContain("the sun's part of a mixed sum");
    const nameless = dayReport({ sources: [plugSource(), { ...roofSource(), technology: null }] });
    expect(checked(nameless).unchecked.map(({ what }) => what)).toContain(
      "the sun over the own plant",
    );
  });

  it("holds what went into a battery against the sun as well", () => {
    const hidden = (hour: number) => (hour === 0 ? 400 : 0);
    const shining = roofSource(rowsOf("roof", hidden));
    const sources = [plugSource(), shining, storeSource("to", hidden)];
    const report = dayReport({ sources });
    expect(report.intervals[0].own_wh).toBe(0);
    expect(saidOf(report)).toEqual(["ENERGY_SUN_NIGHT intervals.0.own_wh"]);
  });
});
