import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { giniOf, tenThousandths } from "../../../../src-main/ledger/concentration/index.ts";
import type { Ratio } from "../../../../src-main/ledger/concentration/index.ts";

const amount = fc.bigInt({ min: 0n, max: 10n ** 27n });
const share = fc.bigInt({ min: 1n, max: 10n ** 27n });
const shares = fc.array(amount, { minLength: 1, maxLength: 40 });
const held = shares.filter((all) => all.some((one) => one > 0n));

function gini(amounts: readonly bigint[]): Ratio {
  const found = giniOf(amounts);
  if (found === undefined) throw new Error("nobody has anything");
  return found;
}

/** Half the mean absolute difference over the mean, by every pair. */
function byPairs(amounts: readonly bigint[]): Ratio {
  const count = BigInt(amounts.length);
  const apart = amounts.flatMap((left) =>
    amounts.map((right) => (left < right ? right - left : left - right)),
  );
  const total = amounts.reduce((sum, one) => sum + one, 0n);
  const differences = apart.reduce((sum, one) => sum + one, 0n);
  return { numerator: differences, denominator: 2n * count * total };
}

const equal = (left: Ratio, right: Ratio): boolean =>
  left.numerator * right.denominator === right.numerator * left.denominator;
const atMost = (left: Ratio, right: Ratio): boolean =>
  left.numerator * right.denominator <= right.numerator * left.denominator;

describe("ledger/concentration/gini", () => {
  it("is half the mean absolute difference over the mean, exactly", () => {
    fc.assert(
      fc.property(held, (all) => {
        expect(equal(gini(all), byPairs(all))).toBe(true);
      }),
    );
  });

  it("is 0 where all have the same", () => {
    fc.assert(
      fc.property(share, fc.integer({ min: 1, max: 60 }), (one, count) => {
        const all = Array.from({ length: count }, () => one);
        expect(gini(all)).toEqual({ numerator: 0n, denominator: 1n });
      }),
    );
  });

  it("is (n − 1) ÷ n where one has all, and never more", () => {
    fc.assert(
      fc.property(held, share, (all, whole) => {
        const count = BigInt(all.length);
        const most = { numerator: count - 1n, denominator: count };
        const [, ...others] = all.map(() => 0n);
        expect(equal(gini([whole, ...others]), most)).toBe(true);
        expect(atMost(gini(all), most)).toBe(true);
        expect(gini(all).numerator >= 0n).toBe(true);
      }),
    );
  });

  it("has no common factor above and below", () => {
    fc.assert(
      fc.property(held, (all) => {
        let { numerator: left, denominator: right } = gini(all);
        while (right !== 0n) [left, right] = [right, left % right];
        expect(left).toBe(1n);
      }),
    );
  });

  it("does not depend on the order, on the unit, or on every holder coming twice", () => {
    fc.assert(
      fc.property(held, share, (all, unit) => {
        const found = gini(all);
        expect(gini(all.toReversed())).toEqual(found);
        expect(gini(all.map((one) => one * unit))).toEqual(found);
        expect(gini([...all, ...all])).toEqual(found);
      }),
    );
  });

  it("does not rise when one gives to another who has less and still has no more", () => {
    fc.assert(
      fc.property(held, fc.nat(), fc.nat(), fc.nat(100), (all, from, to, percent) => {
        const [giver, taker] = [from % all.length, to % all.length];
        const apart = all[giver] - all[taker];
        fc.pre(apart > 0n);
        const given = ((apart / 2n) * BigInt(percent)) / 100n;
        const after = [...all];
        after[giver] -= given;
        after[taker] += given;
        expect(atMost(gini(after), gini(all))).toBe(true);
      }),
    );
  });

  it("may rise or fall when an account is split: it says nothing certain of people", () => {
    expect(gini([2n, 2n])).toEqual({ numerator: 0n, denominator: 1n });
    expect(gini([1n, 1n, 2n])).toEqual({ numerator: 1n, denominator: 6n });
    expect(gini([1n, 2n])).toEqual({ numerator: 1n, denominator: 6n });
    expect(gini([1n, 1n, 1n])).toEqual({ numerator: 0n, denominator: 1n });
  });

  it("has no meaning where nobody has anything", () => {
    expect(giniOf([])).toBeUndefined();
    expect(giniOf([0n, 0n])).toBeUndefined();
    expect(() => giniOf([1n, -1n])).toThrow("a share is not below zero");
  });
});

describe("tenThousandths", () => {
  it("is the nearest, and the upper of two equally near", () => {
    const cases: readonly [bigint, bigint, number][] = [
      [0n, 1n, 0],
      [1n, 3n, 3_333],
      [2n, 3n, 6_667],
      [1n, 20_000n, 1],
      [1n, 20_001n, 0],
      [1n, 1n, 10_000],
    ];
    for (const [numerator, denominator, expected] of cases) {
      expect(tenThousandths({ numerator, denominator })).toBe(expected);
    }
  });
});
