/** Decides the one rounding at the end of every exact sum. */
import { canon } from "../canon.ts";
import { powerOfTwo } from "./power-of-two.ts";

/**
 * canon(round(sum · 2^exponent)).
 * @param sum  an exact integer, |sum| ≤ 2^53: products are bounded by 8127² · 2^27 < 2^53, axis
 *             sums by 2^30 · 2^23, so a double holds every partial sum exactly in any order
 */
export function roundExact(sum: number, exponent: number): number {
  // The scaling is exact (far from the ends of the double range), so fround rounds once.
  return canon(sum * powerOfTwo(exponent));
}
