import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { highestOf, stacksOf, tierRuns } from "../../../../src-renderer/elements/hour-stacks.ts";
import { energyHour } from "../../../generators/energy-rows.ts";

const millijoules = fc.integer({ min: 0, max: 10_000 });

describe("src-renderer/elements/hour-stacks", () => {
  it("stacks own, storage and grid up to the load, and what is not used above it", () => {
    const [row] = stacksOf([
      energyHour(0, {
        loadMillijoules: 60,
        ownMillijoules: 30,
        storageMillijoules: 10,
        surplusMillijoules: 40,
      }),
    ]);
    expect(row.load).toBe(0.6);
    expect(row.pieces).toEqual([
      { kind: "own", from: 0, to: 0.3 },
      { kind: "storage", from: 0.3, to: 0.4 },
      { kind: "grid", from: 0.4, to: 0.6 },
      { kind: "surplus", from: 0.6, to: 1 },
    ]);
  });

  it("draws a row without a load as a gap, never as zero", () => {
    const [gap, zero] = stacksOf([
      energyHour(0, { ownMillijoules: 5 }),
      energyHour(1, { loadMillijoules: 0 }),
    ]);
    expect(gap).toEqual({ startMs: 0, pieces: [], load: null });
    expect(zero.load).toBe(0);
    expect(stacksOf([energyHour(0, { loadMillijoules: 0 })])[0].load).toBe(0);
  });

  it("keeps every piece between nothing and the top, without holes or overlaps", () => {
    const row = fc.record({ load: millijoules, own: millijoules, kept: millijoules });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (given) => {
        const rows = given.map(({ load, own, kept }, at) =>
          energyHour(at, {
            loadMillijoules: load,
            ownMillijoules: own,
            storageMillijoules: kept,
            surplusMillijoules: Math.max(0, own - load),
          }),
        );
        for (const { pieces, load } of stacksOf(rows)) {
          let top = 0;
          for (const { from, to } of pieces) {
            expect(from).toBe(top);
            expect(to).toBeLessThanOrEqual(1);
            top = to;
          }
          const below = pieces.filter(({ kind }) => kind !== "surplus").at(-1)?.to ?? 0;
          expect(below).toBe(load);
        }
        expect(highestOf(rows)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("puts neighbours of one tier together, and rows without any", () => {
    const tiers = ["B", "B", null, null, "D", "B"] as const;
    const runs = tierRuns(tiers.map((tier, at) => energyHour(at, { tier })));
    expect(runs).toEqual([
      { tier: "B", first: 0, count: 2 },
      { tier: null, first: 2, count: 2 },
      { tier: "D", first: 4, count: 1 },
      { tier: "B", first: 5, count: 1 },
    ]);
    expect(tierRuns([])).toEqual([]);
  });
});
