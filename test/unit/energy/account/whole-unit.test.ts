import { describe, expect, it } from "vitest";

import { wholeUnit } from "../../../../src-main/energy/account/index.ts";
import type { UnitEnergy } from "../../../../src-main/ports/energy-store.ts";

const first: UnitEnergy = {
  unit: "ab".repeat(32),
  job: "cd".repeat(32),
  device: "cpu",
  sources: ["plug"],
  tier: "B",
  startMs: 10_000,
  endMs: 40_000,
  millijoules: 3_000_000,
  coverageMillionths: 1_000_000,
  quality: "measured",
  steps: 400,
  outcome: "paid",
  rewardBase: "12",
  costMicros: 300,
  currency: "EUR",
};
const later: UnitEnergy = {
  ...first,
  sources: ["plug", "rapl"],
  tier: "D",
  startMs: 90_000,
  endMs: 100_000,
  millijoules: 1_000_000,
  coverageMillionths: 600_000,
  quality: "modelled",
  steps: 200,
  costMicros: 100,
};

describe("a unit of several trainings", () => {
  it("is one, with its pay once, as good as its weakest training", () => {
    expect(wholeUnit([later, first])).toEqual({
      ...first,
      sources: ["plug", "rapl"],
      tier: "D",
      startMs: 10_000,
      endMs: 100_000,
      millijoules: 4_000_000,
      // 30 s of all and 10 s of six tenths; the pause counts for nothing.
      coverageMillionths: 900_000,
      quality: "modelled",
      steps: 600,
      rewardBase: "12",
      costMicros: 400,
    });
    expect(wholeUnit([first])).toEqual(first);
  });

  it("has no energy and no cost where one of them is not known", () => {
    const unknown = { ...later, millijoules: null, costMicros: null };
    expect(wholeUnit([first, unknown])).toMatchObject({ millijoules: null, costMicros: null });
  });

  it("is of one unit alone", () => {
    const other = { ...first, unit: "ef".repeat(32) };
    expect(() => wholeUnit([first, other])).toThrow("trainings of one unit");
    expect(() => wholeUnit([])).toThrow("trainings of one unit");
  });
});
