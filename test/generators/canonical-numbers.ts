/** Makes canonical numbers that look for trouble: range edges, ties, zeros, huge beside tiny. */
import * as fc from "fast-check";
import { bitsOfFloat, canon, floatOfBits } from "../../src-main/engine/canon.ts";

const positive = (low: number, high: number) =>
  fc.integer({ min: low, max: high }).map((bits) => floatOfBits(bits));

/** Any canonical number. */
export const anyNumber = fc
  .tuple(positive(0x0f800000, 0x5d800000), fc.boolean())
  .map(([magnitude, negative]) => (negative ? -magnitude : magnitude));

/** Numbers near one. */
export const mildNumber = fc.double({ min: -8, max: 8, noNaN: true }).map(canon);

const edges = fc.constantFrom(
  0,
  floatOfBits(0x0f800000),
  -floatOfBits(0x0f800000),
  floatOfBits(0x0f800001),
  2 ** 60,
  -(2 ** 60),
  floatOfBits(0x5d7fffff),
  8127,
  8127.5,
  8128,
  127.5,
  127,
  1,
  -1,
  0.5,
);

/** Mild numbers, anything, and edges mixed. */
export const adversarialNumber = fc.oneof(
  { weight: 4, arbitrary: mildNumber },
  { weight: 2, arbitrary: anyNumber },
  { weight: 1, arbitrary: edges },
);

/** A tensor of that many elements. */
export const numbers = (count: number): fc.Arbitrary<Float32Array> =>
  fc
    .array(adversarialNumber, { minLength: count, maxLength: count })
    .map((values) => Float32Array.from(values));

/** Bits as hex, so that a failing comparison shows them. */
export const bitsOf = (values: Float32Array): readonly string[] =>
  Array.from(values, (value) => bitsOfFloat(value).toString(16).padStart(8, "0"));
