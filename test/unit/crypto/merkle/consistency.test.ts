import { describe, expect, it } from "vitest";
import { BrokenInvariant } from "../../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";
import {
  consistencyProof,
  consistencyRanges,
  verifyConsistency,
} from "../../../../src-main/crypto/merkle/consistency.ts";
import type { ConsistencyClaim } from "../../../../src-main/crypto/merkle/consistency.ts";
import { rootFromLeafHashes } from "../../../../src-main/crypto/merkle/subtrees.ts";

const HASHES = Array.from({ length: 41 }, (_, index) => sha256(new Uint8Array([index])));
const rootOf = (size: number) => rootFromLeafHashes(sha256, HASHES.slice(0, size));

function claimOf(firstSize: number, secondSize: number): ConsistencyClaim {
  return {
    firstSize,
    firstRoot: rootOf(firstSize),
    secondSize,
    secondRoot: rootOf(secondSize),
    proof: consistencyProof(sha256, HASHES.slice(0, secondSize), firstSize),
  };
}

describe("crypto/merkle/consistency", () => {
  it("proves every pair of trees up to 33 leaves, and no other pair", () => {
    for (let second = 1; second <= 33; second += 1) {
      for (let first = 1; first <= second; first += 1) {
        const claim = claimOf(first, second);
        expect(verifyConsistency(sha256, claim)).toBe(true);
        const other = { ...claim, firstRoot: HASHES[40] };
        expect(verifyConsistency(sha256, other)).toBe(false);
      }
    }
  });

  it("refuses a rewritten tree, and every changed, added or missing hash", () => {
    const claim = claimOf(6, 33);
    const rewritten = HASHES.slice(0, 33);
    rewritten[2] = HASHES[3];
    const secondRoot = rootFromLeafHashes(sha256, rewritten);
    const proof = consistencyProof(sha256, rewritten, 6);
    expect(verifyConsistency(sha256, { ...claim, secondRoot, proof })).toBe(false);
    for (let index = 0; index < claim.proof.length; index += 1) {
      const without = claim.proof.toSpliced(index, 1);
      expect(verifyConsistency(sha256, { ...claim, proof: without })).toBe(false);
      const short = claim.proof.with(index, new Uint8Array(31));
      expect(verifyConsistency(sha256, { ...claim, proof: short })).toBe(false);
    }
    const longer = [...claim.proof, HASHES[0]];
    expect(verifyConsistency(sha256, { ...claim, proof: longer })).toBe(false);
  });

  it("refuses size 0, a longer first tree and numbers no tree has", () => {
    const claim = claimOf(2, 4);
    for (const firstSize of [0, 5, -1, 0.5, Number.NaN, 2 ** 53]) {
      expect(verifyConsistency(sha256, { ...claim, firstSize })).toBe(false);
    }
    const empty = { ...claim, firstSize: 0, firstRoot: rootOf(0), proof: [] };
    expect(verifyConsistency(sha256, empty)).toBe(false);
    expect(() => consistencyRanges(0, 4)).toThrow(BrokenInvariant);
  });
});
