import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import {
  inclusionProof,
  leafHash,
  rootFromLeafHashes,
  sha256,
} from "../../../../src-main/crypto/index.ts";
import { walkProof } from "../../../../src-renderer/state/proof-steps.ts";

/** A tree of so many leaves, and the walk to one of them. */
function walked(size: number, index: number) {
  const leaves = Array.from({ length: size }, (_, at) => leafHash(sha256, Uint8Array.of(at)));
  const root = rootFromLeafHashes(sha256, leaves);
  const proof = inclusionProof(sha256, leaves, index);
  return { leafHash: leaves[index], index, size, proof, root };
}

const places = fc
  .integer({ min: 1, max: 70 })
  .chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 })));

describe("walkProof", () => {
  it("ends at the root of every tree, from every leaf, with one step for each sibling", () => {
    fc.assert(
      fc.property(places, ([size, index]) => {
        const path = walked(size, index);
        const walk = walkProof(path);
        expect(walk.holds).toBe(true);
        expect(walk.steps).toHaveLength(path.proof.length);
        expect(walk.steps.at(-1)?.hash ?? walk.leaf).toBe(bytesToHex(path.root));
      }),
    );
  });

  it("does not hold for another leaf, root, place, size, or a proof too short or too long", () => {
    const path = walked(13, 6);
    const other = Uint8Array.from(path.leafHash, (byte) => byte ^ 1);
    expect(walkProof({ ...path, leafHash: other }).holds).toBe(false);
    expect(walkProof({ ...path, root: other }).holds).toBe(false);
    expect(walkProof({ ...path, index: 7 }).holds).toBe(false);
    expect(walkProof({ ...path, size: 70 }).holds).toBe(false);
    expect(walkProof({ ...path, proof: path.proof.slice(0, -1) }).holds).toBe(false);
    expect(walkProof({ ...path, proof: [...path.proof, other] }).holds).toBe(false);
  });
});
