import { describe, expect, it } from "vitest";
import { rewardFigures } from "../../../../src-main/energy/account/index.ts";
import type { UnitEnergy } from "../../../../src-main/ports/energy-store.ts";

const VIV = 10n ** 18n;
const training: UnitEnergy = {
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
  outcome: "open",
  rewardBase: "0",
  costMicros: 500,
  currency: "EUR",
};
const again: UnitEnergy = {
  ...training,
  startMs: 90_000,
  endMs: 110_000,
  millijoules: 1_000_000,
  coverageMillionths: 500_000,
  tier: "D",
  costMicros: 90,
};

describe("energy/account/reward-figures", () => {
  it("takes all trainings of the unit together, as good as the weakest", () => {
    const found = rewardFigures([training, again], 12n * VIV, 1_000);
    expect(found).toEqual({
      millijoules: 7_000_000,
      tier: "D",
      coverage: 0.875,
      costMicros: 590,
      profitMicros: 12_000,
      profitAfterEnergyMicros: 11_410,
    });
  });

  it("does not make a zero or a part of what was not metered", () => {
    const none = { millijoules: null, tier: null, coverage: 0, costMicros: null };
    const elsewhere = rewardFigures([], 12n * VIV, 1_000);
    expect(elsewhere).toEqual({ ...none, profitMicros: 12_000, profitAfterEnergyMicros: null });
    const gap = { ...again, millijoules: null, coverageMillionths: 0, costMicros: null };
    const part = rewardFigures([training, gap], 12n * VIV, 1_000);
    expect(part).toMatchObject({ millijoules: null, costMicros: null, tier: "B", coverage: 0.75 });
    expect(part.profitAfterEnergyMicros).toBeNull();
  });

  it("has no profit where nobody says what a VIV is worth", () => {
    const found = rewardFigures([training], 12n * VIV, null);
    expect([found.profitMicros, found.profitAfterEnergyMicros]).toEqual([null, null]);
    expect(found.costMicros).toBe(500);
  });
});
