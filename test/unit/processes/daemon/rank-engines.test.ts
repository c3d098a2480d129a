import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fastestEngine, rankEngines } from "../../../../src-main/processes/daemon/rank-engines.ts";
import type { Contender } from "../../../../src-main/processes/daemon/rank-engines.ts";
import type { MeasuredSide } from "../../../../src-main/processes/measured-beside.ts";

/** One side that was metered, or was not. */
const side = (stepsPerSecond: number, joulesPerStep: number | null): MeasuredSide =>
  joulesPerStep === null
    ? { stepsPerSecond, joulesPerStep, tier: null, unmetered: "no meter" }
    : { stepsPerSecond, joulesPerStep, tier: "B", unmetered: null };

const device = (
  engine: Contender["engine"],
  speedup: number | null,
  more: Partial<Contender["graphics"]> = {},
  joules: readonly [device: number | null, processor: number | null] = [null, null],
): Contender => {
  const name = `${engine} device`;
  const about = { name, vendor: "v", isSoftware: false, variant: "x", exact: true, reason: null };
  const processor = side(10, joules[1]);
  const measured =
    speedup === null
      ? null
      : { speedup, metered: true, device: side(10 * speedup, joules[0]), processor };
  return { engine, graphics: { ...about, ...more }, measured };
};

describe("fastestEngine", () => {
  it("takes the fastest of those that are exact and beat the processor", () => {
    const [slow, fast] = [device("webgpu", 1.4), device("cuda", 20)];
    expect(fastestEngine([slow, fast])).toBe(fast);
    expect(fastestEngine([fast, slow])).toBe(fast);
    expect(fastestEngine([slow, device("cuda", 20, { exact: false })])).toBe(slow);
  });

  it("leaves the work to the processor where no device takes every step faster", () => {
    expect(fastestEngine([])).toBeUndefined();
    expect(fastestEngine([device("webgpu", 1)])).toBeUndefined();
    expect(fastestEngine([device("webgpu", 0.7), device("cuda", null)])).toBeUndefined();
    expect(fastestEngine([device("webgpu", 9, { isSoftware: true })])).toBeUndefined();
  });
});

describe("rankEngines by joules", () => {
  it("takes the most steps a joule, slower or not, and says both figures", () => {
    const frugal = device("webgpu", 0.5, {}, [1 / 12.1, 1 / 3.4]);
    const hungry = device("cuda", 20, {}, [1, 1 / 3.4]);
    expect(rankEngines("joules", [hungry, frugal])).toEqual({
      best: frugal,
      choice: "12.1 steps/J against 3.4 of the processor",
    });
    expect(rankEngines("joules", [hungry])).toEqual({
      best: undefined,
      choice: "3.4 steps/J against 1 of cuda device",
    });
    expect(rankEngines("speed", [frugal, hungry])).toEqual({
      best: hungry,
      choice: "20 times as fast as the processor",
    });
  });

  it("falls back to speed where one is not metered, and says which", () => {
    const metered = device("webgpu", 2, {}, [0.01, 1]);
    const unmetered = device("cuda", 20, {}, [null, 1]);
    expect(rankEngines("joules", [metered, unmetered])).toEqual({
      best: unmetered,
      choice: "by speed, not by joules (cuda device: no meter): 20 times as fast as the processor",
    });
    expect(rankEngines("joules", [device("cuda", 0.5, {}, [0.01, null])])).toEqual({
      best: undefined,
      choice:
        "by speed, not by joules (processor: no meter): " +
        "cuda device takes one step 0.5 times as fast",
    });
  });

  it("says nothing where nothing could be chosen", () => {
    const wrong = device("cuda", 20, { exact: false }, [0.01, 1]);
    for (const contenders of [[], [wrong], [device("cuda", null)]]) {
      expect(rankEngines("joules", contenders)).toEqual({ best: undefined, choice: null });
    }
  });

  it("gives a tie to the faster one, and a whole tie to the processor", () => {
    const [slower, faster] = [device("webgpu", 2, {}, [1, 2]), device("cuda", 3, {}, [1, 2])];
    expect(rankEngines("joules", [slower, faster]).best).toBe(faster);
    expect(rankEngines("joules", [faster, slower]).best).toBe(faster);
    expect(rankEngines("joules", [device("cuda", 0.5, {}, [1, 1])]).best).toBeUndefined();
    expect(rankEngines("joules", [device("cuda", 1, {}, [1, 1])]).best).toBeUndefined();
  });

  it("never takes an unmetered device for its energy, and is the same in any order", () => {
    const joules = fc.option(fc.double({ min: 0.001, max: 1_000, noNaN: true }));
    const speed = fc.option(fc.double({ min: 0.01, max: 100, noNaN: true }));
    const flags = fc.record({ exact: fc.boolean(), isSoftware: fc.boolean() });
    const one = fc.tuple(speed, flags, joules);
    fc.assert(
      fc.property(one, one, joules, (cuda, webgpu, processor) => {
        const [left, right] = [
          device("cuda", cuda[0], cuda[1], [cuda[2], processor]),
          device("webgpu", webgpu[0], webgpu[1], [webgpu[2], processor]),
        ];
        const { best, choice } = rankEngines("joules", [left, right]);
        expect(rankEngines("joules", [left, right]).best).toBe(best);
        const isTie = cuda[2] === webgpu[2] || cuda[0] === webgpu[0];
        if (!isTie) expect(rankEngines("joules", [right, left]).best).toBe(best);
        const isByEnergy = choice?.includes("steps/J") === true;
        if (isByEnergy) expect(processor).not.toBeNull();
        if (isByEnergy && best !== undefined) {
          const own = best.measured?.device.joulesPerStep ?? Infinity;
          expect(own).toBeLessThanOrEqual(processor ?? -1);
        }
        if (!isByEnergy) expect(best).toBe(fastestEngine([left, right]));
        if (best !== undefined)
          expect(best.graphics).toMatchObject({ exact: true, isSoftware: false });
      }),
    );
  });
});
