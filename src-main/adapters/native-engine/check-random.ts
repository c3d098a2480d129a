/**
 * Decides the numbers backends are compared on: a seeded stream of canonical values chosen to hurt
 * (range edges, rounding ties, zeros, one huge among tiny, random exponents).
 */
import { bitsOfFloat, canon, floatOfBits } from "../../engine/index.ts";

/** A seeded stream; the same seed gives the same values everywhere. */
export interface CheckRandom {
  /** An integer in [0, count). */
  below(count: number): number;
  /** An integer in [low, high]. */
  between(low: number, high: number): number;
  /** One of the given values. */
  pick<T>(values: readonly T[]): T;
  /** A tensor of that many canonical numbers, all in one style. */
  tensor(count: number): Float32Array;
}

/** Range edges and values that tie when quantised to 13 or 7 bits. */
const EDGES: readonly number[] = [
  0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  127,
  127.5,
  128,
  8127,
  -8127,
  8127.5,
  8128,
  8126.5,
  63.5,
  41.6,
  -66.6,
  2 ** 60,
  -(2 ** 60),
  2 ** -96,
  -(2 ** -96),
  3 * 2 ** -97,
  1 - 2 ** -24,
  1 + 2 ** -23,
  16777215,
  16777216,
];

type Style = (next: () => number) => number;

const unit = (next: () => number): number => next() * 2 - 1;

/** A canonical number with a random exponent in [low, high] and a random mantissa and sign. */
function spread(next: () => number, low: number, high: number): number {
  const field = low + 127 + Math.floor(next() * (high - low + 1));
  const bits = field * 8388608 + Math.floor(next() * 8388608);
  return canon((next() < 0.5 ? -1 : 1) * floatOfBits(bits));
}

const STYLES: readonly Style[] = [
  (next) => canon(unit(next)),
  (next) => (next() < 0.6 ? 0 : canon(unit(next))),
  (next) => EDGES[Math.floor(next() * EDGES.length)],
  (next) => spread(next, -96, 59),
  (next) => spread(next, -12, 12),
  // Integers and halves: every quantisation step is a possible tie.
  (next) => canon(Math.floor(next() * 32768 - 16384) / 2),
  (next) => spread(next, -96, -90),
  (next) => spread(next, 55, 59),
  (next) => Math.floor(next() * 12) - 1,
  () => 0,
];

/** The stream of a seed (splitmix-style on 32 bits). */
export function checkRandom(seed: number): CheckRandom {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    pick: (values) => values[below(values.length)],
    tensor: (count) => {
      const style = STYLES[below(STYLES.length)];
      const values = Float32Array.from({ length: count }, () => style(next));
      // One huge value among the others, in one tensor of four.
      if (below(4) === 0) values[below(count)] = spread(next, 20, 59);
      return values;
    },
  };
}

/** The bits of a canonical f32 as an int32 attribute. */
export function attributeOf(value: number): number {
  return bitsOfFloat(value) | 0;
}
