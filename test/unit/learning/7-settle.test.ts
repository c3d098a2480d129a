import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitPrice } from "../../../src-main/learning/index.ts";

const price = fc.bigInt({ min: 0n, max: 1n << 100n });

describe("learning/7-settle", () => {
  it("splits 85/10/5 and the parts are the price, to the last unit", () => {
    expect(splitPrice(100n)).toEqual({ worker: 85n, verifiers: 10n, pool: 5n });
    expect(splitPrice(1n)).toEqual({ worker: 0n, verifiers: 0n, pool: 1n });
    fc.assert(
      fc.property(price, (whole) => {
        const { worker, verifiers, pool } = splitPrice(whole);
        expect(worker + verifiers + pool).toBe(whole);
        expect(100n * worker <= 85n * whole && 100n * (worker + 1n) > 85n * whole).toBe(true);
        expect(10n * verifiers <= whole && 10n * (verifiers + 1n) > whole).toBe(true);
      }),
    );
  });

  it("never pays more for a payment in two parts", () => {
    fc.assert(
      fc.property(price, price, (left, right) => {
        const [a, b, whole] = [splitPrice(left), splitPrice(right), splitPrice(left + right)];
        expect(a.worker + b.worker <= whole.worker).toBe(true);
        expect(a.verifiers + b.verifiers <= whole.verifiers).toBe(true);
        expect(whole.worker - a.worker - b.worker <= 1n).toBe(true);
      }),
    );
  });
});
