import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  balanceShifts,
  groupMaxima,
  groupMaximum,
  leastExponent,
  quantise,
  quantiseOne,
  shifted,
} from "../../../../src-main/engine/exact/quantise.ts";
import { anyNumber, numbers } from "../../../generators/canonical-numbers.ts";

const bounds = fc.constantFrom(8127 as const, 127 as const);

describe("quantise", () => {
  it("finds the least exponent that fits", () => {
    fc.assert(
      fc.property(anyNumber, bounds, (x, bound) => {
        const e = leastExponent(Math.abs(x), bound);
        expect(Math.abs(x)).toBeLessThanOrEqual(bound * 2 ** e);
        expect(Math.abs(x)).toBeGreaterThan(bound * 2 ** (e - 1));
      }),
    );
    expect(leastExponent(0, 127)).toBe(0);
    expect(leastExponent(8127, 8127)).toBe(0);
    expect(leastExponent(8127.5, 8127)).toBe(1);
  });

  it("never leaves the bound, and agrees with one element alone", () => {
    const grouping = { outer: 3, groups: 4, inner: 2 };
    fc.assert(
      fc.property(numbers(24), bounds, (values, bound) => {
        const { integers, exponents } = quantise(values, grouping, bound);
        const maxima = groupMaxima(values, grouping);
        for (const [at, integer] of integers.entries()) {
          const group = Math.floor(at / 2) % 4;
          expect(Math.abs(integer)).toBeLessThanOrEqual(bound);
          expect(integer).toBe(quantiseOne(values[at], exponents[group]));
          expect(maxima[group]).toBe(groupMaximum(values, grouping, group));
        }
      }),
    );
  });

  it("balances two operands without changing any product", () => {
    const left = { outer: 2, groups: 5, inner: 1 };
    const right = { outer: 1, groups: 5, inner: 3 };
    fc.assert(
      fc.property(numbers(10), numbers(15), (a, b) => {
        const shifts = balanceShifts(a, left, b, right, 8127);
        const aShifted = shifted(a, left, shifts, -1);
        const bShifted = shifted(b, right, shifts, 1);
        for (let k = 0; k < 5; k += 1) {
          expect(aShifted[k] * bShifted[k * 3]).toBe(a[k] * b[k * 3]);
        }
      }),
    );
  });

  it("floors an odd negative difference and leaves zero groups alone", () => {
    const one = { outer: 1, groups: 2, inner: 1 };
    const shifts = balanceShifts(Float32Array.of(1, 0), one, Float32Array.of(8, 4), one, 8127);
    expect(Array.from(shifts)).toEqual([-2, 0]);
  });
});
