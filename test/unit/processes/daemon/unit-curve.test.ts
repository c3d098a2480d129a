import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { CURVE_POINTS_MAX } from "../../../../src-main/contract/control-api/index.ts";
import { UnitCurveKeeper } from "../../../../src-main/processes/daemon/unit-curve.ts";

const unit = "7f".repeat(32);

/** A unit in training whose loss tells its step. */
const at = (step: number) => ({
  unit,
  phase: "training" as const,
  step,
  loss: 1 / (step + 1),
  accuracy: 0.5,
});

/** A keeper that has heard these steps. */
function heard(steps: readonly number[]): UnitCurveKeeper {
  const keeper = new UnitCurveKeeper();
  for (const step of steps) keeper.take(at(step));
  return keeper;
}

describe("UnitCurveKeeper", () => {
  it("keeps every point until it is full", () => {
    const steps = Array.from({ length: CURVE_POINTS_MAX }, (_, index) => index * 3);
    const expected = steps.map((step) => ({ step, loss: 1 / (step + 1), accuracy: 0.5 }));
    expect(heard(steps).of(unit)).toEqual(expected);
  });

  it("drops every second point when one more comes, the first stays", () => {
    const steps = Array.from({ length: CURVE_POINTS_MAX + 1 }, (_, index) => index);
    const kept = steps.filter((step) => step % 2 === 0);
    expect(
      heard(steps)
        .of(unit)
        .map(({ step }) => step),
    ).toEqual(kept);
  });

  it("spreads a long training evenly from its first step to its last", () => {
    const steps = Array.from({ length: 100_000 }, (_, index) => index);
    const kept = heard(steps)
      .of(unit)
      .map(({ step }) => step);
    expect(kept.length).toBeGreaterThan(CURVE_POINTS_MAX / 2);
    expect(kept[0]).toBe(0);
    const gaps = kept.slice(1).map((step, index) => step - kept[index]);
    expect(new Set(gaps)).toEqual(new Set([512]));
    expect(kept.at(-1)).toBeGreaterThan(100_000 - 1 - 512);
  });

  it("stays bounded and ascending, and repeats only what it heard", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { maxLength: 2_000 }), (steps) => {
        const points = heard(steps).of(unit);
        expect(points.length).toBeLessThanOrEqual(CURVE_POINTS_MAX);
        for (const [index, { step, loss }] of points.entries()) {
          expect(steps).toContain(step);
          expect(loss).toBe(1 / (step + 1));
          if (index > 0) expect(step).toBeGreaterThan(points[index - 1].step);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("takes training with a loss alone, and begins anew with the next unit", () => {
    const keeper = heard([5]);
    keeper.take({ ...at(6), loss: null });
    keeper.take({ ...at(7), phase: "sealed" });
    keeper.take(at(5));
    keeper.take(at(4));
    expect(keeper.of(unit).map(({ step }) => step)).toEqual([5]);
    const next = "8e".repeat(32);
    expect(keeper.of(next)).toEqual([]);
    keeper.take({ ...at(1), unit: next });
    expect(keeper.of(unit)).toEqual([]);
    expect(keeper.of(next)).toMatchObject([{ step: 1 }]);
  });
});
