import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LORENZ_STEPS,
  measureOf,
  OVER_A_HALF,
  OVER_A_THIRD,
} from "../../../../src-main/ledger/concentration/index.ts";
import type { Measure } from "../../../../src-main/ledger/concentration/index.ts";

const share = fc.bigInt({ min: 1n, max: 10n ** 27n });
const held = fc.array(share, { minLength: 1, maxLength: 60 });
const threshold = fc.constantFrom(OVER_A_THIRD, OVER_A_HALF);

function measure(amounts: readonly bigint[], over = OVER_A_HALF): Measure {
  const found = measureOf(amounts, over);
  if (found === undefined) throw new Error("nobody has anything");
  return found;
}

describe("ledger/concentration/measure", () => {
  it("finds the least number of holders with more than a part, and no fewer have it", () => {
    fc.assert(
      fc.property(held, threshold, (all, over) => {
        const { nakamoto, total } = measure(all, over);
        const greatestFirst = all.toSorted((left, right) => (left < right ? 1 : -1));
        const sumOf = (count: number): bigint =>
          greatestFirst.slice(0, count).reduce((sum, one) => sum + one, 0n);
        const isOver = (sum: bigint) => sum * over.denominator > total * over.numerator;
        expect(isOver(sumOf(nakamoto))).toBe(true);
        expect(isOver(sumOf(nakamoto - 1))).toBe(false);
        expect(nakamoto >= 1 && nakamoto <= all.length).toBe(true);
      }),
    );
  });

  it("needs more than the part, not the part itself", () => {
    expect(measure([1n, 1n, 1n], OVER_A_THIRD).nakamoto).toBe(2);
    expect(measure([2n, 1n, 1n], OVER_A_THIRD).nakamoto).toBe(1);
    expect(measure([1n, 1n]).nakamoto).toBe(2);
    expect(measure([1n, 1n, 1n, 1n]).nakamoto).toBe(3);
    expect(measure([7n]).nakamoto).toBe(1);
  });

  it("is as many of equal holders as are more than the part", () => {
    fc.assert(
      fc.property(share, fc.integer({ min: 1, max: 200 }), (one, count) => {
        const all = Array.from({ length: count }, () => one);
        expect(measure(all, OVER_A_THIRD).nakamoto).toBe(Math.floor(count / 3) + 1);
        expect(measure(all, OVER_A_HALF).nakamoto).toBe(Math.floor(count / 2) + 1);
      }),
    );
  });

  it("never falls when an account is split into two", () => {
    fc.assert(
      fc.property(held, threshold, fc.nat(), fc.nat(100), (all, over, which, percent) => {
        const at = which % all.length;
        const part = (all[at] * BigInt(percent)) / 100n;
        const split = [...all.toSpliced(at, 1), part, all[at] - part];
        expect(measure(split, over).nakamoto >= measure(all, over).nakamoto).toBe(true);
      }),
    );
  });

  it("does not depend on the order, nor on who has nothing", () => {
    fc.assert(
      fc.property(held, threshold, (all, over) => {
        const found = measure(all, over);
        expect(measure(all.toReversed(), over)).toEqual(found);
        expect(measure([0n, ...all, 0n], over)).toEqual(found);
      }),
    );
  });

  it("draws a curve from nothing to all, below the line of equal shares and never falling", () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 90 }), (all) => {
        const { lorenz } = measure(all);
        expect(lorenz[0]).toEqual({ holders: 0, share: 0 });
        expect(lorenz.at(-1)).toEqual({ holders: 10_000, share: 10_000 });
        expect(lorenz.length).toBe(Math.min(LORENZ_STEPS, all.length) + 1);
        for (const [index, point] of lorenz.entries()) {
          expect(point.share <= point.holders).toBe(true);
          if (index > 0) expect(point.share >= lorenz[index - 1].share).toBe(true);
        }
      }),
    );
  });

  it("says what the greatest has and how much there is", () => {
    const found = measure([3n, 1n, 2n]);
    expect(found).toMatchObject({ holders: 3, total: 6n, greatest: 5_000, nakamoto: 2 });
    expect(measureOf([], OVER_A_HALF)).toBeUndefined();
    expect(measureOf([0n], OVER_A_HALF)).toBeUndefined();
  });
});
