import { describe, expect, it } from "vitest";
import { LARGEST, bitsOfFloat, floatOfBits } from "../../../../src-main/engine/canon.ts";
import { logOf } from "../../../../src-main/engine/elementary/log.ts";

const ulpOf = (x: number): number =>
  floatOfBits(bitsOfFloat(Math.abs(x)) + 1) - Math.fround(Math.abs(x));

function worstUlp(firstBits: number, endBits: number, stride: number): number {
  let worst = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (let bits = firstBits; bits < endBits; bits += stride) {
    const x = floatOfBits(bits);
    const value = logOf(x);
    const exact = Math.log(x);
    if (exact !== 0) worst = Math.max(worst, Math.abs(value - exact) / ulpOf(exact));
    if (value < previous) return Number.POSITIVE_INFINITY;
    previous = value;
  }
  return worst;
}

describe("logOf", () => {
  it("holds at the edge points", () => {
    expect(Object.is(logOf(1), 0)).toBe(true);
    expect(logOf(0)).toBe(-LARGEST);
    expect(logOf(-1)).toBe(-LARGEST);
  });

  it("stays below 1 ulp of the true value and never steps down", () => {
    expect(worstUlp(0x0f800000, 0x5d800000, 9_973)).toBeLessThan(1);
  });

  it("keeps its relative precision next to 1", () => {
    expect(worstUlp(0x3f7f0000, 0x3f810000, 1)).toBeLessThan(1);
  });
});
