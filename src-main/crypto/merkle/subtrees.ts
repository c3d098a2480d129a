/**
 * Decides how a range of leaves becomes one hash and which ranges a proof is made of. Arithmetic,
 * not bit operations: sizes go to 2^53 - 1, beyond the 32 bits of JavaScript's `>>`.
 */

import { invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../hasher.ts";
import { emptyRoot, leafHash, nodeHash } from "./node-hashes.ts";

/** Leaves `first` .. `first + count - 1`. */
export interface LeafRange {
  readonly first: number;
  readonly count: number;
}

/** The hash of the complete subtree over leaves index·2^level .. (index+1)·2^level − 1. */
export type ReadSubtree = (level: number, index: number) => Uint8Array;

/** Whether the number can be a tree size or leaf index. */
export function isTreeNumber(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The largest power of two strictly below `count` (RFC 9162's k); count ≥ 2. */
export function splitPoint(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/**
 * The hash over a range that is a node of some RFC 9162 tree (a complete subtree or the right edge
 * of one), read from the hashes of complete subtrees.
 * @cost  at most 53 reads and hashes
 */
export function rangeHash(hasher: Hasher, range: LeafRange, read: ReadSubtree): Uint8Array {
  invariant(range.count > 0, "a range holds at least one leaf");
  const parts: Uint8Array[] = [];
  let first = range.first;
  let left = range.count;
  while (left > 0) {
    let power = 1;
    let level = 0;
    while (power * 2 <= left) {
      power *= 2;
      level += 1;
    }
    invariant(first % power === 0, "the range is a node of the tree");
    parts.push(read(level, first / power));
    first += power;
    left -= power;
  }
  let hash = parts[parts.length - 1];
  for (let index = parts.length - 2; index >= 0; index -= 1) {
    hash = nodeHash(hasher, parts[index], hash);
  }
  return hash;
}

/** Reads complete subtrees out of a list of leaf hashes, hashing as needed. */
export function subtreesOf(hasher: Hasher, leafHashes: readonly Uint8Array[]): ReadSubtree {
  const read: ReadSubtree = (level, index) => {
    if (level === 0) return leafHashes[index];
    return nodeHash(hasher, read(level - 1, 2 * index), read(level - 1, 2 * index + 1));
  };
  return read;
}

/** The RFC 9162 root over leaf hashes; of none, SHA-256 of nothing. */
export function rootFromLeafHashes(hasher: Hasher, leafHashes: readonly Uint8Array[]): Uint8Array {
  if (leafHashes.length === 0) return emptyRoot(hasher);
  const range = { first: 0, count: leafHashes.length };
  return rangeHash(hasher, range, subtreesOf(hasher, leafHashes));
}

/** The RFC 9162 root over leaves. */
export function merkleRoot(hasher: Hasher, leaves: readonly Uint8Array[]): Uint8Array {
  return rootFromLeafHashes(
    hasher,
    leaves.map((leaf) => leafHash(hasher, leaf)),
  );
}
