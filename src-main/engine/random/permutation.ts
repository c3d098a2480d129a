/**
 * Decides the order of samples: a keyed permutation of 0…N−1 that can be evaluated at one index.
 * Six Feistel rounds on Philox over the least even number of bits that holds N, then cycle
 * walking: values ≥ N are permuted again (NUMERICS.md, "Batch order").
 */
import { invariant } from "../../contract/outcome.ts";
import { philoxWord } from "./philox.ts";
import type { PhiloxKey } from "./philox.ts";
import { purposeKey } from "./purpose-key.ts";

const ROUNDS = 6;

/** Largest domain: both Feistel halves stay within 16 bits. */
export const PERMUTATION_MAX = 4_294_967_296;

/** Values of one Feistel half: the least power of two, at least 2, whose square holds `size`. */
function halfSize(size: number): number {
  let side = 2;
  while (side * side < size) side *= 2;
  return side;
}

/** Where `index` goes in the permutation of 0…size−1 for this key and epoch. */
export function permute(key: PhiloxKey, epoch: number, size: number, index: number): number {
  invariant(size >= 1 && size <= PERMUTATION_MAX, "the domain has 1 to 2^32 elements");
  invariant(index >= 0 && index < size, "the index lies in the domain");
  const side = halfSize(size);
  const epochLow = epoch % 4_294_967_296;
  const epochHigh = Math.floor(epoch / 4_294_967_296);
  let value = index;
  // A permutation of a larger set returns to the smaller one after finitely many steps, and its
  // size is below four times N, so this takes under four turns on average.
  do {
    let left = Math.floor(value / side);
    let right = value % side;
    for (let round = 0; round < ROUNDS; round += 1) {
      const word = philoxWord(right, round, epochLow, epochHigh, key);
      const next = (left ^ word) & (side - 1);
      left = right;
      right = next;
    }
    value = left * side + right;
  } while (value >= size);
  return value;
}

/**
 * The sample indices of one step's batch: flat position p = (step − 1)·batchSize + i lies in
 * epoch ⌊p/N⌋ at place p mod N of that epoch's permutation.
 * @param seed         32-byte job seed
 * @param step         1-based
 * @param sampleCount  N, samples in the training range
 */
export function batchIndices(
  seed: Uint8Array,
  step: number,
  batchSize: number,
  sampleCount: number,
): Uint32Array {
  const key = purposeKey(seed, "batch-order");
  const first = (step - 1) * batchSize;
  invariant(Number.isSafeInteger(first + batchSize) && first >= 0, "positions are safe integers");
  return Uint32Array.from({ length: batchSize }, (_, i) => {
    const position = first + i;
    const epoch = Math.floor(position / sampleCount);
    return permute(key, epoch, sampleCount, position - epoch * sampleCount);
  });
}
