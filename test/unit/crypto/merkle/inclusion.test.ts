import { describe, expect, it } from "vitest";
import { BrokenInvariant } from "../../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";
import {
  inclusionProof,
  inclusionRanges,
  rootFromInclusionPath,
  verifyInclusion,
} from "../../../../src-main/crypto/merkle/inclusion.ts";
import { rootFromLeafHashes } from "../../../../src-main/crypto/merkle/subtrees.ts";

const HASHES = Array.from({ length: 33 }, (_, index) => sha256(new Uint8Array([index])));

describe("crypto/merkle/inclusion", () => {
  it("proves every leaf of every tree up to 33 leaves, and no other place", () => {
    for (let size = 1; size <= HASHES.length; size += 1) {
      const hashes = HASHES.slice(0, size);
      const root = rootFromLeafHashes(sha256, hashes);
      for (let index = 0; index < size; index += 1) {
        const leafHash = hashes[index];
        const proof = inclusionProof(sha256, hashes, index);
        expect(verifyInclusion(sha256, root, { leafHash, index, size, proof })).toBe(true);
        const moved = { leafHash, index: (index + 1) % (size + 1), size, proof };
        expect(verifyInclusion(sha256, root, moved)).toBe(false);
      }
    }
  });

  it("refuses a proof with a hash too many, too few, changed or of another length", () => {
    const root = rootFromLeafHashes(sha256, HASHES);
    const proof = inclusionProof(sha256, HASHES, 12);
    const verdict = (changed: Uint8Array[]) =>
      verifyInclusion(sha256, root, { leafHash: HASHES[12], index: 12, size: 33, proof: changed });
    expect(verdict(proof)).toBe(true);
    expect(verdict([...proof, HASHES[0]])).toBe(false);
    expect(verdict(proof.slice(0, -1))).toBe(false);
    expect(verdict(proof.toReversed())).toBe(false);
    expect(verdict([proof[0].slice(0, 31), ...proof.slice(1)])).toBe(false);
  });

  it("answers undefined for numbers no tree has", () => {
    for (const [index, size] of [
      [0, 0],
      [1, 1],
      [-1, 1],
      [0.5, 2],
      [0, 2 ** 53],
      [NaN, NaN],
    ]) {
      const path = { leafHash: HASHES[0], index, size, proof: [] };
      expect(rootFromInclusionPath(sha256, path)).toBe(undefined);
    }
    expect(() => inclusionRanges(3, 3)).toThrow(BrokenInvariant);
  });

  it("names the ranges of a proof from the leaf upwards, also beyond 32 bits", () => {
    expect(inclusionRanges(4, 7)).toEqual([
      { first: 5, count: 1 },
      { first: 6, count: 1 },
      { first: 0, count: 4 },
    ]);
    const ranges = inclusionRanges(2 ** 40, 2 ** 40 + 1);
    expect(ranges).toEqual([{ first: 0, count: 2 ** 40 }]);
  });
});
