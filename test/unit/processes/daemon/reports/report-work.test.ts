import { describe, expect, it } from "vitest";

import { sha256 } from "../../../../../src-main/crypto/index.ts";
import { checkWork } from "../../../../../src-main/energy/report/check-bounds.ts";
import { Findings } from "../../../../../src-main/energy/report/findings.ts";
import { makeReport } from "../../../../../src-main/energy/report/index.ts";
import type { UnitEnergy } from "../../../../../src-main/ports/energy-store.ts";
import { workOf } from "../../../../../src-main/processes/daemon/reports/report-work.ts";
import type { WorkNeeds } from "../../../../../src-main/processes/daemon/reports/report-work.ts";
import { DAY_END, DAY_START, dayPlan, plugSource } from "../../../../worlds/energy-day.ts";
import { jobCreate, must } from "../../../../worlds/practice-world.ts";
import { smallSpecification } from "../../../../worlds/unit-life.ts";

const UNIT = "ab".repeat(32);
const MINUTE = 60_000;

/** A training of the unit by minutes of the day. */
function training(fromMinute: number, toMinute: number, change: Partial<UnitEnergy> = {}) {
  const energy: UnitEnergy = {
    unit: UNIT,
    job: "cd".repeat(32),
    device: "cpu",
    sources: ["plug-desk"],
    tier: "B",
    startMs: DAY_START + fromMinute * MINUTE,
    endMs: DAY_START + toMinute * MINUTE,
    millijoules: 1_000_000,
    coverageMillionths: 1_000_000,
    quality: "measured",
    steps: 1_000_000,
    outcome: "paid",
    rewardBase: "0",
    costMicros: null,
    currency: null,
    ...change,
  };
  return energy;
}

function listed(trainings: readonly UnitEnergy[]) {
  const { specification } = jobCreate(smallSpecification());
  const node = {
    job: () => ({ specification }),
    slotOf: () => undefined,
  };
  const needs = {
    store: {
      units: () => trainings,
      unit: (unit: string) => trainings.filter((one) => one.unit === unit),
    },
    node,
    account: new Uint8Array(20),
    chipOf: () => ({ name: "a processor", chipClass: "cpu" }),
  } as unknown as WorkNeeds;
  return workOf(needs, [plugSource()], DAY_START, DAY_END);
}

describe("processes/daemon/reports/report-work", () => {
  it("lists a unit once, however often it was taken up again", () => {
    const other = training(15, 25, { unit: "ef".repeat(32) });
    const work = listed([training(30, 40, { tier: "D" }), other, training(0, 10)].toReversed());
    expect(work).toHaveLength(2);
    const [unit] = work;
    expect(unit).toMatchObject({ unit: UNIT, energy_mj: 2_000_000, tier: "D-model" });
    expect([unit.start, unit.end]).toEqual([unit.trainings?.[0].start, unit.trainings?.[1].end]);
    expect(unit.trainings).toHaveLength(2);
    // The other one lies between both trainings, and the device worked at one thing at a time.
    const report = must(makeReport(sha256, dayPlan({ work })));
    const said = (change: (one: typeof report) => void): string[] => {
      const copy = structuredClone(report);
      change(copy);
      const findings = new Findings();
      const span = { fromMs: DAY_START, toMs: DAY_END, stepMs: 3_600_000 };
      checkWork({ ...copy, signatures: [] }, span, findings);
      return findings.contradictions.map(({ code }) => code);
    };
    expect(said(() => undefined)).toEqual([]);
    expect(said(({ work: units = [] }) => delete units[0].trainings)).toEqual(["ENERGY_WORK_TIME"]);
    const torn = said(({ work: units = [] }) => (units[0].start = units[1].start));
    expect(torn).toEqual(["ENERGY_WORK_TIME"]);
  });

  it("leaves out what was given up, is not done, or is not known whole", () => {
    expect(listed([training(0, 10, { outcome: "voided" })])).toEqual([]);
    expect(listed([training(0, 10, { steps: 0, outcome: "open" })])).toEqual([]);
    expect(listed([training(0, 10), training(20, 30, { millijoules: null })])).toEqual([]);
    expect(listed([training(-20, -10), training(0, 10)])).toEqual([]);
    expect(listed([training(0, 10, { sources: ["gone"] })])).toEqual([]);
    expect(listed([training(0, 10)])).toHaveLength(1);
  });
});
