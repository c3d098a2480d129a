/**
 * Decides distance and nearness: the exact sum of squared differences of int8 numbers, ties to the
 * lower id. At most 255² × 4,096 = 266,342,400, so 31 bits hold every sum.
 */

/** Numbers added between two looks at whether the sum is already too large. */
const STRIDE = 16;

/**
 * Squared distance of `query` to the vector at `at` of `vectors`, or any number ≥ `bound` once the
 * sum has reached it: sums only grow, so nothing that is left out could make it nearer.
 */
export function squaredDistance(
  query: Int8Array,
  vectors: Int8Array,
  at: number,
  bound: number,
): number {
  const dimension = query.length;
  let sum = 0;
  let index = 0;
  while (index < dimension) {
    const end = index + STRIDE < dimension ? index + STRIDE : dimension;
    for (; index < end; index += 1) {
      const difference = query[index] - vectors[at + index];
      sum = (sum + difference * difference) | 0;
    }
    if (sum >= bound) return sum;
  }
  return sum;
}

/** No distance is as large; also fits 31 bits. */
export const BEYOND_ALL_DISTANCES = 0x7fff_ffff;

/** The id of the nearest centroid; 0 where there is none, since then there is one list. */
export function nearestCentroid(query: Int8Array, centroids: Int8Array): number {
  let nearest = 0;
  let least = BEYOND_ALL_DISTANCES;
  for (let at = 0, id = 0; at < centroids.length; at += query.length, id += 1) {
    const distance = squaredDistance(query, centroids, at, least);
    if (distance < least) {
      least = distance;
      nearest = id;
    }
  }
  return nearest;
}

/** The ids of the `probes` nearest centroids, nearest first; list 0 alone where there is none. */
export function nearestLists(query: Int8Array, centroids: Int8Array, probes: number): number[] {
  if (centroids.length === 0) return [0];
  const ranked: { readonly id: number; readonly distance: number }[] = [];
  for (let at = 0, id = 0; at < centroids.length; at += query.length, id += 1) {
    ranked.push({ id, distance: squaredDistance(query, centroids, at, BEYOND_ALL_DISTANCES) });
  }
  ranked.sort((left, right) => left.distance - right.distance || left.id - right.id);
  return ranked.slice(0, probes).map(({ id }) => id);
}
