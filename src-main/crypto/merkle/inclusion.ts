/** Decides proofs that a leaf stands at an index of a tree (RFC 9162, section 2.1.3). */

import { bytesEqual } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { DIGEST_BYTES } from "../hasher.ts";
import type { Hasher } from "../hasher.ts";
import { nodeHash } from "./node-hashes.ts";
import { isTreeNumber, rangeHash, splitPoint, subtreesOf } from "./subtrees.ts";
import type { LeafRange } from "./subtrees.ts";

/** Where a leaf is said to stand, and the sibling hashes from the leaf to the root. */
export interface InclusionPath {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
}

/** The ranges whose hashes are the inclusion proof, from the leaf to the root; index < size. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  invariant(isTreeNumber(index) && isTreeNumber(size) && index < size, "the leaf is in the tree");
  const ranges: LeafRange[] = [];
  let first = 0;
  let count = size;
  while (count > 1) {
    const split = splitPoint(count);
    if (index - first < split) {
      ranges.push({ first: first + split, count: count - split });
      count = split;
    } else {
      ranges.push({ first, count: split });
      first += split;
      count -= split;
    }
  }
  return ranges.reverse();
}

/** The inclusion proof of leaf `index` in the tree over these leaf hashes. */
export function inclusionProof(
  hasher: Hasher,
  leafHashes: readonly Uint8Array[],
  index: number,
): Uint8Array[] {
  const read = subtreesOf(hasher, leafHashes);
  return inclusionRanges(index, leafHashes.length).map((range) => rangeHash(hasher, range, read));
}

/** The root that the path leads to; undefined when no tree of that size has such a path. */
export function rootFromInclusionPath(hasher: Hasher, path: InclusionPath): Uint8Array | undefined {
  const { index, size, proof } = path;
  if (!isTreeNumber(index) || !isTreeNumber(size) || index >= size) return undefined;
  if (path.leafHash.length !== DIGEST_BYTES) return undefined;
  let node = index;
  let last = size - 1;
  let hash = path.leafHash;
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== DIGEST_BYTES) return undefined;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(hasher, sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hasher, hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

/** Whether the path leads to `root`. Never throws, whatever the peer sent. */
export function verifyInclusion(hasher: Hasher, root: Uint8Array, path: InclusionPath): boolean {
  const reached = rootFromInclusionPath(hasher, path);
  return reached !== undefined && bytesEqual(reached, root);
}
