import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundExact } from "../../../../src-main/engine/exact/round-exact.ts";

/** canon(round(sum · 2^exponent)) in big integers alone: an independent definition. */
function byIntegers(sum: bigint, exponent: number): number {
  if (sum === 0n) return 0;
  const magnitude = sum < 0n ? -sum : sum;
  const drop = Math.max(0, magnitude.toString(2).length - 24);
  const unit = 1n << BigInt(drop);
  let mantissa = magnitude / unit;
  const rest = 2n * (magnitude % unit);
  if (rest > unit || (rest === unit && mantissa % 2n === 1n)) mantissa += 1n;
  const value = Number(mantissa) * 2 ** (exponent + drop);
  const clamped = value < 2 ** -96 ? 0 : Math.min(value, 2 ** 60);
  return sum < 0n && clamped > 0 ? -clamped : clamped;
}

describe("roundExact", () => {
  it("equals one rounding of the exact integer, up to ±2^53", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(1n << 53n), max: 1n << 53n }),
        fc.integer({ min: -372, max: 96 }),
        (sum, exponent) => {
          expect(Object.is(roundExact(Number(sum), exponent), byIntegers(sum, exponent))).toBe(
            true,
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("takes ties to even", () => {
    expect(roundExact(2 ** 24 + 1, 0)).toBe(2 ** 24);
    expect(roundExact(2 ** 24 + 3, 0)).toBe(2 ** 24 + 4);
    expect(roundExact(2 ** 53 - 1, -40)).toBe(2 ** 13);
  });
});
