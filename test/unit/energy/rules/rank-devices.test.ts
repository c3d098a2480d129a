import { describe, expect, it } from "vitest";

import { rankByEnergy } from "../../../../src-main/energy/rules/rank-devices.ts";
import type { MeasuredDevice } from "../../../../src-main/energy/rules/rank-devices.ts";

const device = (name: string, more: Partial<MeasuredDevice>): MeasuredDevice => ({
  device: name,
  engine: "native-cpu",
  exact: true,
  stepsPerSecond: null,
  joulesPerStep: null,
  tier: null,
  ...more,
});

describe("rankByEnergy", () => {
  it("puts the least measured joules of a step first, then the rest by speed", () => {
    const ranked = rankByEnergy([
      device("slow", { stepsPerSecond: 2 }),
      device("fast", { stepsPerSecond: 90 }),
      device("frugal", { stepsPerSecond: 10, joulesPerStep: 0.5, tier: "C" }),
      device("hungry", { stepsPerSecond: 80, joulesPerStep: 4, tier: "B" }),
    ]);
    expect(ranked.map(({ device: name }) => name)).toEqual(["frugal", "hungry", "fast", "slow"]);
    expect(ranked[0].stepsPerJoule).toBe(2);
  });

  it("takes no model, no declaration and no nonsense for a measurement", () => {
    const ranked = rankByEnergy([
      device("model", { joulesPerStep: 0.1, tier: "D", stepsPerSecond: 1 }),
      device("declared", { joulesPerStep: 0.1, tier: "E", stepsPerSecond: 2 }),
      device("zero", { joulesPerStep: 0, tier: "C", stepsPerSecond: 3 }),
    ]);
    expect(ranked.map(({ stepsPerJoule }) => stepsPerJoule)).toEqual([null, null, null]);
    expect(ranked[0].device).toBe("zero");
  });

  it("leaves out what is not exact", () => {
    expect(rankByEnergy([device("wrong", { exact: false, joulesPerStep: 1, tier: "B" })])).toEqual(
      [],
    );
  });
});
