/**
 * Decides how a proof is read out of stored hashes: with a callback that gives the hash of any
 * complete subtree (from tiles or a hash store), a proof costs O(log n) reads and no scan.
 */

import { consistencyRanges, inclusionRanges, nodeHash, rangeHash } from "../../crypto/index.ts";
import type { Hasher, ReadSubtree } from "../../crypto/index.ts";
import { tileOfSubtree } from "./tiles.ts";

/** The 32 bytes at a position of a tile. */
export type ReadTileHash = (level: number, index: number, position: number) => Uint8Array;

/**
 * Inclusion proof of slot `index` in the vector (or outcome tree) of `size` slots.
 * @cost  at most 2·log2(size) reads
 */
export function vectorInclusionProof(
  hasher: Hasher,
  index: number,
  size: number,
  read: ReadSubtree,
): Uint8Array[] {
  return inclusionRanges(index, size).map((range) => rangeHash(hasher, range, read));
}

/** Proof that the vector of `firstSize` slots is the beginning of that of `secondSize`. */
export function vectorConsistencyProof(
  hasher: Hasher,
  firstSize: number,
  secondSize: number,
  read: ReadSubtree,
): Uint8Array[] {
  const ranges = consistencyRanges(firstSize, secondSize);
  return ranges.map((range) => rangeHash(hasher, range, read));
}

/** Reads complete subtrees out of tiles: at most 128 hashes of one tile are folded. */
export function subtreesOfTiles(hasher: Hasher, read: ReadTileHash): ReadSubtree {
  return (level, index) => {
    const { level: tileLevel, index: tile, position, count } = tileOfSubtree(level, index);
    let hashes = Array.from({ length: count }, (_, at) => read(tileLevel, tile, position + at));
    while (hashes.length > 1) {
      const above: Uint8Array[] = [];
      for (let at = 0; at < hashes.length; at += 2) {
        above.push(nodeHash(hasher, hashes[at], hashes[at + 1]));
      }
      hashes = above;
    }
    return hashes[0];
  };
}
