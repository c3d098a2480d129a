import { describe, expect, it } from "vitest";

import { unitFigures, unitSums } from "../../../../src-main/energy/account/index.ts";
import type { UnitEnergy } from "../../../../src-main/ports/energy-store.ts";

const paid: UnitEnergy = {
  unit: "ab".repeat(32),
  job: "cd".repeat(32),
  device: "cpu",
  sources: ["plug"],
  tier: "B",
  startMs: 0,
  endMs: 60_000,
  millijoules: 6_000_000,
  coverageMillionths: 1_000_000,
  quality: "measured",
  steps: 600,
  outcome: "paid",
  rewardBase: String(12n * 10n ** 18n),
  costMicros: 500,
  currency: "EUR",
};
const open: UnitEnergy = { ...paid, unit: "ef".repeat(32), outcome: "voided", rewardBase: "0" };

describe("a unit", () => {
  it("has joules a verified step and for each VIV, and profit with and without energy", () => {
    expect(unitFigures(paid, 1_000)).toEqual({
      joulesPerStep: 10,
      joulesPerViv: 500,
      profitMicros: 12_000,
      profitAfterEnergyMicros: 11_500,
    });
  });

  it("that was not accepted has no verified step", () => {
    expect(unitFigures(open, 1_000)).toMatchObject({ joulesPerStep: null, joulesPerViv: null });
  });

  it("whose reward has no value has no profit, whatever energy costs", () => {
    const figures = unitFigures(paid, null);
    expect([figures.profitMicros, figures.profitAfterEnergyMicros]).toEqual([null, null]);
    expect(unitFigures({ ...paid, costMicros: null }, 1_000).profitAfterEnergyMicros).toBeNull();
  });
});

describe("units together", () => {
  it("are paid once for a unit, however often it was taken up", () => {
    const again = { ...paid, startMs: 70_000, millijoules: 3_000_000, steps: 300 };
    const sums = unitSums([paid, again, open], 1_000);
    expect(sums).toMatchObject({ units: 2, paid: 1, rewardBase: paid.rewardBase });
    expect(sums.millijoules).toBe(15_000_000);
    expect(sums.joulesPerStep).toBe(10);
    expect(sums.costMicros).toBe(1_500);
  });

  it("have no sum where one of them has no figure", () => {
    const sums = unitSums([paid, { ...open, millijoules: null }], null);
    expect(sums.millijoules).toBeNull();
    expect(sums.joulesPerStep).toBe(10);
    expect(unitSums([], null)).toMatchObject({ units: 0, millijoules: null, rewardBase: "0" });
  });
});
