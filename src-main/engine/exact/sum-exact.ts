/** Decides the order-free sum of a list of canonical numbers (NUMERICS.md, "Sums"). */
import { roundHalfEven } from "../primitives.ts";
import { binaryExponent, powerOfTwo } from "./power-of-two.ts";
import { roundExact } from "./round-exact.ts";

/**
 * Sums `count` elements that start at `first` and lie `stride` apart.
 * @bound count ≤ 2^23, so |Σq| ≤ 2^53 is exact
 */
export function sumExact(
  values: Float32Array,
  first: number,
  count: number,
  stride: number,
): number {
  let maximum = 0;
  for (let i = 0, at = first; i < count; i += 1, at += stride) {
    const magnitude = Math.abs(values[at]);
    if (magnitude > maximum) maximum = magnitude;
  }
  if (maximum === 0) return 0;
  const exponent = binaryExponent(maximum) + 1;
  const scale = powerOfTwo(30 - exponent);
  let sum = 0;
  for (let i = 0, at = first; i < count; i += 1, at += stride) {
    sum += roundHalfEven(values[at] * scale);
  }
  return roundExact(sum, exponent - 30);
}
