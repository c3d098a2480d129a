import { describe, expect, it } from "vitest";
import { LARGEST, bitsOfFloat, floatOfBits } from "../../../../src-main/engine/canon.ts";
import { expOf } from "../../../../src-main/engine/elementary/exp.ts";

const ulpOf = (x: number): number => floatOfBits(bitsOfFloat(x) + 1) - Math.fround(x);

describe("expOf", () => {
  it("holds at the edge points", () => {
    expect(expOf(0)).toBe(1);
    expect(expOf(floatOfBits(0x42266666))).toBe(LARGEST);
    expect(expOf(LARGEST)).toBe(LARGEST);
    expect(expOf(-LARGEST)).toBe(0);
    expect(expOf(floatOfBits(0xc2853333))).toBe(0);
    expect(expOf(2 ** -96)).toBe(1);
  });

  it("stays below 1 ulp of the true value and never steps down", () => {
    let previous = 0;
    let worst = 0;
    for (let x = -66.5; x < 41.58; x += 0.0007) {
      const at = Math.fround(x);
      const value = expOf(at);
      worst = Math.max(worst, Math.abs(value - Math.exp(at)) / ulpOf(Math.exp(at)));
      expect(value).toBeGreaterThanOrEqual(previous);
      previous = value;
    }
    expect(worst).toBeLessThan(1);
  });
});
