/**
 * Decides the centroids of a collection: k-means on integers, every step written out.
 *
 * 1. n embeddings in slot order; k lists (`listCountOf(n)`).
 * 2. Centroid i begins as embedding ⌊i·n/k⌋.
 * 3. Six times: each embedding goes to its nearest centroid, ties to the lower id; each centroid
 *    becomes, number by number, ⌊sum / count⌋ of what came to it; one that got nothing stays.
 * 4. Each embedding is assigned once more, to the centroids that came out.
 *
 * Bounds: a distance is below 2^31 (`nearest.ts`). A sum of int8 numbers over n < 2^40 entries is
 * below 2^47 and exact. The quotient of such integers differs from an integer it does not reach by
 * at least 1/n > 2^-40, a double near 128 by at most 2^-46, so its floor is exact as well.
 */

import { listCountOf } from "./collection.ts";
import { BUILD_ROUNDS } from "./limits.ts";
import { nearestCentroid } from "./nearest.ts";

/** Embeddings one after another, `dimension` numbers each. */
export interface BuildInput {
  readonly dimension: number;
  readonly embeddings: Int8Array;
}

/** A computed build. */
export interface Build {
  /** k centroids one after another. */
  readonly centroids: Int8Array;
  /** The list of each embedding. */
  readonly lists: Uint16Array;
}

/** Embeddings assigned between two steps: a few milliseconds. */
const STEP_ENTRIES = 64;

/** Computes a build at once. @cost 7 × n × k × dimension multiplications at most */
export function buildCentroids(input: BuildInput): Build {
  const steps = buildSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Computes a build in steps of some milliseconds, for those who have other things to do. */
export function* buildSteps({ dimension, embeddings }: BuildInput): Generator<void, Build, void> {
  const count = embeddings.length / dimension;
  const lists = new Uint16Array(count);
  const centroids = seeds(dimension, embeddings);
  for (let round = 0; round <= BUILD_ROUNDS; round += 1) {
    for (let entry = 0; entry < count; entry += 1) {
      const at = entry * dimension;
      lists[entry] = nearestCentroid(embeddings.subarray(at, at + dimension), centroids);
      if (entry % STEP_ENTRIES === STEP_ENTRIES - 1) yield;
    }
    if (round < BUILD_ROUNDS) moveToMeans(centroids, { dimension, embeddings }, lists);
  }
  return { centroids, lists };
}

function seeds(dimension: number, embeddings: Int8Array): Int8Array {
  const count = embeddings.length / dimension;
  const lists = listCountOf(BigInt(count));
  const centroids = new Int8Array(lists * dimension);
  for (let list = 0; list < lists; list += 1) {
    const from = Math.floor((list * count) / lists) * dimension;
    centroids.set(embeddings.subarray(from, from + dimension), list * dimension);
  }
  return centroids;
}

function moveToMeans(
  centroids: Int8Array,
  { dimension, embeddings }: BuildInput,
  lists: Uint16Array,
): void {
  const sums = new Float64Array(centroids.length);
  const counts = new Float64Array(centroids.length / dimension);
  for (const [entry, list] of lists.entries()) {
    counts[list] += 1;
    const from = entry * dimension;
    const to = list * dimension;
    for (let index = 0; index < dimension; index += 1) {
      sums[to + index] += embeddings[from + index];
    }
  }
  for (const [list, members] of counts.entries()) {
    if (members === 0) continue;
    const to = list * dimension;
    for (let index = 0; index < dimension; index += 1) {
      centroids[to + index] = Math.floor(sums[to + index] / members);
    }
  }
}
