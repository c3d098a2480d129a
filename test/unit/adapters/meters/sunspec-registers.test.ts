import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  f32At,
  i16At,
  scaleAt,
  scaled,
  textAt,
  u32At,
  u64At,
} from "../../../../src-main/adapters/meters/sunspec-registers.ts";

const words = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2));

const written = (length: number, write: (buffer: Buffer) => void): number[] => {
  const buffer = Buffer.alloc(length);
  write(buffer);
  return words(buffer);
};

describe("adapters/meters/sunspec-registers", () => {
  it("reads what any writer of big-endian registers wrote", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -32_767, max: 32_767 }),
        fc.nat(0xffffffff),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 2n }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        (small, medium, large, float) => {
          expect(
            i16At(
              written(2, (to) => to.writeInt16BE(small)),
              0,
            ),
          ).toBe(small);
          expect(
            u32At(
              written(4, (to) => to.writeUInt32BE(medium)),
              0,
            ),
          ).toBe(medium);
          expect(
            u64At(
              written(8, (to) => to.writeBigUInt64BE(large)),
              0,
            ),
          ).toBe(large);
          expect(
            f32At(
              written(4, (to) => to.writeFloatBE(float)),
              0,
            ),
          ).toBe(float);
        },
      ),
    );
  });

  it("has no value for what is not implemented, nor beyond the model", () => {
    expect(i16At([0x8000], 0)).toBeNull();
    expect(u64At([0xffff, 0xffff, 0xffff, 0xffff], 0)).toBeNull();
    expect(f32At([0x7fc0, 0], 0)).toBeNull();
    expect(f32At([0x7f80, 0], 0)).toBeNull();
    expect([i16At([], 0), u32At([1], 0), u64At([1, 2, 3], 0), f32At([1], 0)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it("takes scale factors from -10 to 10 and no others", () => {
    expect([scaleAt([0xfff6], 0), scaleAt([10], 0)]).toEqual([-10, 10]);
    expect([scaleAt([11], 0), scaleAt([0xfff5], 0), scaleAt([0x8000], 0)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("scales with one rounding, so that tenths are the nearest doubles to tenths", () => {
    expect(scaled(3, -1)).toBe(0.3);
    expect(scaled(12_345, -3)).toBe(12.345);
    expect(scaled(7, 2)).toBe(700);
  });

  it("reads text up to its first zero", () => {
    expect(textAt([0x4142, 0x4300, 0x4444], 0, 3)).toBe("ABC");
    expect(textAt([0x4142], 0, 1)).toBe("AB");
  });
});
