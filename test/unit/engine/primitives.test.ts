import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LARGEST } from "../../../src-main/engine/canon.ts";
import { add, div, mul, roundHalfEven, sqrt, sub } from "../../../src-main/engine/primitives.ts";
import { anyNumber } from "../../generators/canonical-numbers.ts";

describe("primitives", () => {
  it("gives +0 for whatever cancels", () => {
    fc.assert(
      fc.property(anyNumber, (x) => {
        expect(Object.is(sub(x, x), 0)).toBe(true);
        expect(Object.is(add(x, -x), 0)).toBe(true);
      }),
    );
    expect(Object.is(mul(-1, 0), 0)).toBe(true);
  });

  it("divides by zero as defined", () => {
    expect(div(3, 0)).toBe(LARGEST);
    expect(div(-3, 0)).toBe(-LARGEST);
    expect(Object.is(div(0, 0), 0)).toBe(true);
    expect(Object.is(div(0, -5), 0)).toBe(true);
    expect(div(2 ** 60, 2 ** -96)).toBe(LARGEST);
  });

  it("takes the root of nothing below zero", () => {
    expect(sqrt(-4)).toBe(0);
    expect(sqrt(0)).toBe(0);
    expect(sqrt(4)).toBe(2);
  });

  it("rounds ties to even on both sides of zero", () => {
    const cases = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.500001, 8126.5, -8126.5];
    expect(cases.map(roundHalfEven)).toEqual([-2, -2, 0, 0, 2, 2, 3, 8126, -8126]);
  });
});
