import { describe, expect, it } from "vitest";
import { runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

const TWO = 0x40000000;
const HALF = -0x80000000;
const COUNT = 20_000;

function mask(key: readonly number[], step: number, layer: number, threshold = HALF) {
  const around = { step, attributes: [threshold, TWO, layer], declared: [COUNT] };
  return runOp("dropout-mask", [tensorOf([2], key)], around).values;
}

const share = (values: Float32Array): number =>
  values.filter((value) => value !== 0).length / COUNT;

describe("dropout-mask", () => {
  it("keeps the share that the threshold leaves, with the value of the bits", () => {
    const half = mask([0.25, -0.5], 1, 0);
    expect(new Set(half)).toEqual(new Set([0, 2]));
    expect(share(half)).toBeGreaterThan(0.48);
    expect(share(half)).toBeLessThan(0.52);
    expect(share(mask([0.25, -0.5], 1, 0, 0))).toBe(1);
    // 0.9 · 2^32 as an int32.
    expect(share(mask([0.25, -0.5], 1, 0, 0xe6666666 | 0))).toBeLessThan(0.12);
  });

  it("is another one for another step, layer or key, and the same for the same", () => {
    const first = mask([0.25, -0.5], 1, 0);
    expect(mask([0.25, -0.5], 1, 0)).toEqual(first);
    for (const other of [
      mask([0.25, -0.5], 2, 0),
      mask([0.25, -0.5], 1, 1),
      mask([0.25, 0.5], 1, 0),
      mask([0.125, -0.5], 1, 0),
    ]) {
      const equal = first.filter((value, at) => value === other[at]).length / COUNT;
      expect(Math.abs(equal - 0.5)).toBeLessThan(0.02);
    }
  });

  it("refuses what does not fit", () => {
    const code = (key: readonly number[], attributes: readonly number[], declared = [4]) =>
      verdictOf(shapeOf("dropout-mask", [key], attributes, declared));
    expect(code([2], [0, TWO, 0])).toBe("4");
    expect(code([3], [0, TWO, 0])).toBe("ENGINE_SHAPE");
    expect(code([2], [0, TWO, 0], [])).toBe("ENGINE_SHAPE");
    expect(code([2], [0, 0x7fc00000, 0])).toBe("ENGINE_ATTRIBUTE");
    expect(code([2], [0, TWO])).toBe("ENGINE_ATTRIBUTE");
  });
});
