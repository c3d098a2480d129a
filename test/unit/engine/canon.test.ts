import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LARGEST,
  SMALLEST,
  bitsOfFloat,
  canon,
  firstNonCanonical,
  floatOfBits,
  isCanonicalBits,
} from "../../../src-main/engine/canon.ts";

describe("canon", () => {
  it("clamps the range and has no -0", () => {
    expect(canon(2 ** -97)).toBe(0);
    expect(Object.is(canon(-(2 ** -97)), 0)).toBe(true);
    expect(Object.is(canon(-0), 0)).toBe(true);
    expect(canon(2 ** -96)).toBe(SMALLEST);
    expect(canon(2 ** -96 * (1 - 2 ** -25))).toBe(SMALLEST);
    expect(canon(2 ** 60 * 1.01)).toBe(LARGEST);
    expect(canon(Number.NEGATIVE_INFINITY)).toBe(-LARGEST);
    expect(canon(1 + 2 ** -24)).toBe(1);
  });

  it("is idempotent and lands in the canonical set", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        const once = canon(x);
        expect(Object.is(canon(once), once)).toBe(true);
        expect(isCanonicalBits(bitsOfFloat(once))).toBe(true);
      }),
    );
  });

  it("tells canonical bits from all others", () => {
    const refused = [0x80000000, 0x00000001, 0x0f7fffff, 0x5d800001, 0x7f800000, 0x7fc00000];
    for (const bits of refused) expect(isCanonicalBits(bits)).toBe(false);
    for (const bits of [0, 0x0f800000, 0x5d800000, 0xdd800000, 0xbf800000 | 0]) {
      expect(isCanonicalBits(bits)).toBe(true);
    }
  });

  it("finds a planted NaN, infinity and -0", () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** -97, 2 ** 61]) {
      expect(firstNonCanonical(Float32Array.of(0, 1, wrong, wrong))).toBe(2);
    }
    expect(firstNonCanonical(Float32Array.of(0, 1, floatOfBits(0x0f800000)))).toBe(-1);
  });
});
