/**
 * Decides what of a tree goes with a snapshot: the tiles at its right edge, one for each level, as
 * far as they are hashed. They are all that is needed to append to the tree and to prove what is
 * appended.
 */

import { MerkleFrontier, rangeHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { subtreesOfTiles } from "../vector/proofs.ts";
import { TILE_WIDTH } from "../vector/tiles.ts";

const DIGEST_BYTES = 32;

/** The largest complete subtree of a tree whose size is a safe integer: 2^52 leaves. */
const LEAVES_MOST = 4_503_599_627_370_496;

/** A tile at the right edge: its level is its place in the list. */
export interface EdgeTile {
  readonly level: number;
  readonly index: number;
  /** At most 255 hashes; fewer than a whole tile. */
  readonly hashes: Uint8Array;
}

/** Which tiles are at the right edge of a tree of that size, and how many hashes they hold. */
export function edgePlaces(size: number): { level: number; index: number; width: number }[] {
  const places: { level: number; index: number; width: number }[] = [];
  for (let level = 0, count = size; count > 0; level += 1) {
    const index = Math.floor(count / TILE_WIDTH);
    places.push({ level, index, width: count - index * TILE_WIDTH });
    count = index;
  }
  return places;
}

/**
 * The right edge as a head holds it, from the hashes of each level's last tile.
 * @returns undefined where a list is not as long as the size says
 */
export function frontierOfEdges(
  hasher: Hasher,
  size: number,
  edges: readonly Uint8Array[],
): MerkleFrontier | undefined {
  const places = edgePlaces(size);
  const fits =
    edges.length === places.length &&
    places.every(({ width }, level) => edges[level].length === width * DIGEST_BYTES);
  if (!fits) return undefined;
  const read = subtreesOfTiles(hasher, (level, _index, position) => {
    const at = position * DIGEST_BYTES;
    return edges[level].subarray(at, at + DIGEST_BYTES);
  });
  const hashes: Uint8Array[] = [];
  let first = 0;
  for (let count = LEAVES_MOST; count >= 1; count /= 2) {
    if (size - first < count) continue;
    hashes.push(rangeHash(hasher, { first, count }, read));
    first += count;
  }
  const bytes = new Uint8Array(8 + DIGEST_BYTES * hashes.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size), true);
  for (const [index, hash] of hashes.entries()) bytes.set(hash, 8 + DIGEST_BYTES * index);
  const frontier = MerkleFrontier.restore(hasher, bytes);
  return frontier.ok ? frontier.value : undefined;
}
