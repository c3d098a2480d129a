/** Decides proofs that one tree is the beginning of another (RFC 9162, section 2.1.4). */

import { bytesEqual } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { DIGEST_BYTES } from "../hasher.ts";
import type { Hasher } from "../hasher.ts";
import { nodeHash } from "./node-hashes.ts";
import { isTreeNumber, rangeHash, splitPoint, subtreesOf } from "./subtrees.ts";
import type { LeafRange } from "./subtrees.ts";

/** Two trees by size and root, and the hashes that connect them. */
export interface ConsistencyClaim {
  readonly firstSize: number;
  readonly firstRoot: Uint8Array;
  readonly secondSize: number;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** The ranges whose hashes are the consistency proof; 1 ≤ firstSize ≤ secondSize. */
export function consistencyRanges(firstSize: number, secondSize: number): LeafRange[] {
  const valid = isTreeNumber(firstSize) && isTreeNumber(secondSize);
  invariant(valid && firstSize >= 1 && firstSize <= secondSize, "the first tree is the shorter");
  const ranges: LeafRange[] = [];
  let first = 0;
  let count = secondSize;
  let held = firstSize;
  // Whether the walk is still at a node whose hash the verifier holds as the first root.
  let known = true;
  while (held < count) {
    const split = splitPoint(count);
    if (held <= split) {
      ranges.push({ first: first + split, count: count - split });
      count = split;
    } else {
      ranges.push({ first, count: split });
      first += split;
      count -= split;
      held -= split;
      known = false;
    }
  }
  if (!known) ranges.push({ first, count });
  return ranges.reverse();
}

/** The proof that the first `firstSize` of these leaf hashes are the beginning of all. */
export function consistencyProof(
  hasher: Hasher,
  leafHashes: readonly Uint8Array[],
  firstSize: number,
): Uint8Array[] {
  const read = subtreesOf(hasher, leafHashes);
  const ranges = consistencyRanges(firstSize, leafHashes.length);
  return ranges.map((range) => rangeHash(hasher, range, read));
}

/**
 * Whether the second tree begins with the first. Never throws, whatever the peer sent.
 * A first size of 0 is refused: every tree begins with nothing, so the proof would say nothing.
 */
export function verifyConsistency(hasher: Hasher, claim: ConsistencyClaim): boolean {
  const { firstSize, secondSize, firstRoot, secondRoot, proof } = claim;
  if (!isTreeNumber(firstSize) || !isTreeNumber(secondSize)) return false;
  if (firstSize === 0 || firstSize > secondSize) return false;
  if (firstSize === secondSize) return proof.length === 0 && bytesEqual(firstRoot, secondRoot);
  if (firstRoot.length !== DIGEST_BYTES) return false;
  if (proof.length === 0 || proof.some((hash) => hash.length !== DIGEST_BYTES)) return false;
  const hashes = isPowerOfTwo(firstSize) ? [firstRoot, ...proof] : proof;
  return foldsToBoth(hasher, claim, hashes);
}

function foldsToBoth(
  hasher: Hasher,
  claim: ConsistencyClaim,
  hashes: readonly Uint8Array[],
): boolean {
  let node = claim.firstSize - 1;
  let last = claim.secondSize - 1;
  const climb = () => {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  };
  while (node % 2 === 1) climb();
  let first = hashes[0];
  let second = hashes[0];
  for (const hash of hashes.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      first = nodeHash(hasher, hash, first);
      second = nodeHash(hasher, hash, second);
      while (node % 2 === 0 && node !== 0) climb();
    } else {
      second = nodeHash(hasher, second, hash);
    }
    climb();
  }
  const bothReached = bytesEqual(first, claim.firstRoot) && bytesEqual(second, claim.secondRoot);
  return last === 0 && bothReached;
}

function isPowerOfTwo(count: number): boolean {
  let rest = count;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
