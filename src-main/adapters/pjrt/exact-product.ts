/**
 * Decides what the exact product of a case is: the same numbers and the same digest as the helper's
 * (native/pjrt/product.h), so that a result is believed only where two programs agree on it.
 */

/** Shape and seed of a case: [rows, depth] by [depth, columns]. */
export interface ProductCase {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly seed: number;
}

/** Seeds with this bit give -128 and -127 only: large odd sums. */
const LARGE = 0x80000000;

/** Cells of a case at most, so that a wrong answer cannot ask for a long computation. */
const WORK_MAX = 1 << 28;

/** Whether a case can be computed here; sums stay below 2^31 while the depth is below 2^17. */
export function isCase({ rows, depth, columns, seed }: ProductCase): boolean {
  const isWhole = [rows, depth, columns].every((size) => Number.isSafeInteger(size) && size > 0);
  const isSeed = Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 32;
  return isWhole && isSeed && depth < 1 << 17 && rows * depth * columns <= WORK_MAX;
}

/** The numbers of a matrix, int8. */
export function caseNumbers(count: number, seed: number): Int8Array {
  const made = new Int8Array(count).fill(-128);
  if (seed === 0) return made;
  let state = Math.imul(seed, -1_640_531_535) >>> 0;
  for (let at = 0; at < count; at += 1) {
    state = (state ^ (state << 13)) >>> 0;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    made[at] = seed >= LARGE ? -128 + (state >>> 31) : state >>> 24;
  }
  return made;
}

/** FNV-1a of the product's int32 numbers, least significant byte first. */
export function productDigest(one: ProductCase): number {
  const { rows, depth, columns, seed } = one;
  const left = caseNumbers(rows * depth, seed);
  const right = caseNumbers(depth * columns, seed === 0 ? 0 : (seed + 1_000) >>> 0);
  let hash = 2_166_136_261;
  const sums = new Int32Array(columns);
  for (let row = 0; row < rows; row += 1) {
    sums.fill(0);
    for (let at = 0; at < depth; at += 1) {
      const factor = left[row * depth + at];
      const from = at * columns;
      for (let column = 0; column < columns; column += 1) {
        sums[column] += factor * right[from + column];
      }
    }
    for (const sum of sums) {
      for (let shift = 0; shift < 32; shift += 8) {
        hash = Math.imul(hash ^ ((sum >>> shift) & 0xff), 16_777_619);
      }
    }
  }
  return hash >>> 0;
}
