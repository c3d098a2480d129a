/** Vectors as embeddings of real things lie: around centres, not evenly. The same in every run. */

import { scattered } from "./index-world.ts";

/** What vectors are made. */
export interface ClusterPlan {
  readonly count: number;
  readonly dimension: number;
  readonly clusters: number;
}

/** int8 vectors around scattered centres; a third of a number's range is the vector's own. */
export function clusteredVectors({ count, dimension, clusters }: ClusterPlan): Int8Array[] {
  const numbers = scattered(99);
  const vector = () => Int8Array.from({ length: dimension }, () => numbers.next().value);
  const centres = Array.from({ length: clusters }, vector);
  return Array.from({ length: count }, () => {
    const centre =
      centres[(numbers.next().value + 128 + 256 * (numbers.next().value + 128)) % clusters];
    return centre.map((number) => Math.trunc((2 * number + numbers.next().value) / 3));
  });
}
