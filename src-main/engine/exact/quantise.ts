/**
 * Decides how numbers become small integers with a shared power-of-two exponent (NUMERICS.md,
 * "Exact products"). Everything is exact in doubles: a value has 24 bits, a balanced one lies in
 * [2^-174, 2^174], and scaling by a power of two changes no bit of the mantissa.
 */
import { roundHalfEven } from "../primitives.ts";
import { binaryExponent, powerOfTwo } from "./power-of-two.ts";

/** Largest quantised magnitude: 8127 = 63·128 + 63 (I14, I14K) or 127 (I8). */
export type Bound = 8127 | 127;

/**
 * A tensor seen as [outer, groups, inner]: all elements that share the middle index share one
 * exponent. Rows of a matrix are [1, rows, columns], its columns are [rows, columns, 1].
 */
export interface Grouping {
  readonly outer: number;
  readonly groups: number;
  readonly inner: number;
}

/** Integers q and one exponent a group: value ≈ q · 2^exponent. */
export interface Quantised {
  readonly integers: Float64Array;
  readonly exponents: Int32Array;
}

/** The least e with maximum ≤ bound · 2^e; 0 for a maximum of zero. */
export function leastExponent(maximum: number, bound: Bound): number {
  if (maximum === 0) return 0;
  const shift = bound === 8127 ? 12 : 6;
  const e = binaryExponent(maximum) - shift;
  return maximum <= bound * powerOfTwo(e) ? e : e + 1;
}

/** Round-half-even(value · 2^-exponent). */
export function quantiseOne(value: number, exponent: number): number {
  return roundHalfEven(value * powerOfTwo(-exponent));
}

/** Largest magnitude in each group. */
export function groupMaxima(
  values: Float32Array | Float64Array,
  { outer, groups, inner }: Grouping,
): Float64Array {
  const maxima = new Float64Array(groups);
  let at = 0;
  for (let o = 0; o < outer; o += 1) {
    for (let g = 0; g < groups; g += 1) {
      let maximum = maxima[g];
      for (const end = at + inner; at < end; at += 1) {
        const magnitude = Math.abs(values[at]);
        if (magnitude > maximum) maximum = magnitude;
      }
      maxima[g] = maximum;
    }
  }
  return maxima;
}

/** Largest magnitude in one group. */
export function groupMaximum(
  values: Float32Array | Float64Array,
  { outer, groups, inner }: Grouping,
  group: number,
): number {
  let maximum = 0;
  for (let o = 0; o < outer; o += 1) {
    const first = (o * groups + group) * inner;
    for (let at = first; at < first + inner; at += 1) {
      const magnitude = Math.abs(values[at]);
      if (magnitude > maximum) maximum = magnitude;
    }
  }
  return maximum;
}

/** The least exponent of each group. */
export function groupExponents(
  values: Float32Array | Float64Array,
  grouping: Grouping,
  bound: Bound,
): Int32Array {
  const maxima = groupMaxima(values, grouping);
  const exponents = new Int32Array(grouping.groups);
  for (let g = 0; g < grouping.groups; g += 1) exponents[g] = leastExponent(maxima[g], bound);
  return exponents;
}

/** Quantises every element with its group's exponent. */
export function quantise(
  values: Float32Array | Float64Array,
  grouping: Grouping,
  bound: Bound,
): Quantised {
  const { outer, groups, inner } = grouping;
  const exponents = groupExponents(values, grouping, bound);
  const scales = new Float64Array(groups);
  for (let g = 0; g < groups; g += 1) scales[g] = powerOfTwo(-exponents[g]);
  const integers = new Float64Array(values.length);
  let at = 0;
  for (let o = 0; o < outer; o += 1) {
    for (let g = 0; g < groups; g += 1) {
      const scale = scales[g];
      for (const end = at + inner; at < end; at += 1) {
        integers[at] = roundHalfEven(values[at] * scale);
      }
    }
  }
  return { integers, exponents };
}

/**
 * The shifts that balance two operands along their contracted axis: s_k = ⌊(x_k − y_k)/2⌋ of
 * their group exponents, 0 where either group is all zeros. The left operand's group is
 * multiplied by 2^-s_k, the right one's by 2^s_k, so their product does not change.
 */
export function balanceShifts(
  left: Float32Array,
  leftGrouping: Grouping,
  right: Float32Array,
  rightGrouping: Grouping,
  bound: Bound,
): Int32Array {
  const leftMaxima = groupMaxima(left, leftGrouping);
  const rightMaxima = groupMaxima(right, rightGrouping);
  const shifts = new Int32Array(leftGrouping.groups);
  for (let g = 0; g < shifts.length; g += 1) {
    if (leftMaxima[g] === 0 || rightMaxima[g] === 0) continue;
    const difference = leastExponent(leftMaxima[g], bound) - leastExponent(rightMaxima[g], bound);
    shifts[g] = Math.floor(difference / 2);
  }
  return shifts;
}

/** Each element times 2^(sign · shift of its group), exact in doubles. */
export function shifted(
  values: Float32Array,
  { outer, groups, inner }: Grouping,
  shifts: Int32Array,
  sign: 1 | -1,
): Float64Array {
  const result = new Float64Array(values.length);
  let at = 0;
  for (let o = 0; o < outer; o += 1) {
    for (let g = 0; g < groups; g += 1) {
      const scale = powerOfTwo(sign * shifts[g]);
      for (const end = at + inner; at < end; at += 1) result[at] = values[at] * scale;
    }
  }
  return result;
}
