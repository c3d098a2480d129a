/**
 * Decides how bytes are copied where thousands of short stretches are copied at once: up to some
 * length a loop is faster than a view and its `set`.
 */

/** Bytes up to which the loop is faster. */
export const LOOPED_BYTES = 96;

/** Copies `count` bytes of `from`, from `first` on, to `at`. */
export function copyBytes(
  to: Uint8Array,
  at: number,
  from: Uint8Array,
  first: number,
  count: number,
): void {
  if (count > LOOPED_BYTES) {
    to.set(from.subarray(first, first + count), at);
    return;
  }
  for (let byte = 0; byte < count; byte += 1) to[at + byte] = from[first + byte];
}
