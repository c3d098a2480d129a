/**
 * Decides how a long line of elements is shared among invocations: in slices that are gathered by
 * a second kernel. Nothing waits at a barrier, which costs software adapters a thousand elements,
 * and since sizes and sums are exact, slices may be of any number.
 */

/** Invocations that keep a large device busy. */
const INVOCATIONS_WANTED = 16_384;

/** Elements that a slice has at least; below that gathering costs more than it saves. */
const SLICE_LEAST = 32;

/** Slices of a line at most: whoever gathers reads them all. */
const SLICES_MAX = 64;

/** Slices of each of `lines` lines of `count` elements. */
export function slicesOf(lines: number, count: number): number {
  const wanted = Math.ceil(INVOCATIONS_WANTED / lines);
  return Math.max(1, Math.min(wanted, SLICES_MAX, Math.floor(count / SLICE_LEAST)));
}

/**
 * WGSL that finds `line` and `slice` of invocation `at`. P[1] are the lines, P[2] the slices of
 * each; P[3] is 1 where a line's elements are neighbours, so that its slices should be, too.
 */
export const FIND_SLICE = /* wgsl */ `
  let line = select(at % P[1], at / P[2], P[3] == 1u);
  let slice = select(at / P[1], at % P[2], P[3] == 1u);
`;
