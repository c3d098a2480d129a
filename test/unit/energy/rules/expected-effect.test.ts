import { describe, expect, it } from "vitest";

import { planHours } from "../../../../src-main/energy/rules/best-hours.ts";
import { effectWords, expectedEffect } from "../../../../src-main/energy/rules/expected-effect.ts";
import { hourly, MONDAY, signalsWith, timesAt } from "../../../worlds/rule-world.ts";

describe("expectedEffect", () => {
  const prices = hourly([0.4, 0.4, 0.1, 0.1, 0.4, 0.4]);
  const intensities = hourly([300, 300, 500, 500, 300, 300]);
  const { plan } = planHours({ hours: 2, before: 360 }, null, prices, timesAt(0));
  const effectOf = (workWatts: number | null) => {
    if (plan === null) throw new Error("no plan");
    return expectedEffect(plan, signalsWith({ prices, intensities, workWatts }), MONDAY);
  };

  it("compares the chosen hours with as many from now on, gains and losses alike", () => {
    const effect = effectOf(500);
    expect(effect).toMatchObject({ hours: 2, movedKwh: 1 });
    expect(effect.cost).toBeCloseTo(-0.3, 9);
    expect(effect.grams).toBeCloseTo(200, 9);
    const words = effectWords(effect, "EUR");
    expect(words).toContain("about 0.30 EUR less");
    expect(words).toContain("about 200 g CO2e by the hour's mean more");
    expect(words).not.toMatch(/avoid|green|save/i);
  });

  it("says nothing of energy that was not measured", () => {
    expect(effectOf(null)).toEqual({ hours: 2, movedKwh: null, cost: null, grams: null });
    expect(effectWords(effectOf(null), "EUR")).toContain("was not measured yet");
  });
});
