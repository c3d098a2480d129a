import { describe, expect, it } from "vitest";
import {
  consistencyProof,
  inclusionProof,
  MerkleFrontier,
  rootFromLeafHashes,
  sha256,
  verifyConsistency,
  verifyInclusion,
} from "../../../../src-main/crypto/index.ts";
import {
  subtreesOfTiles,
  tileOfSubtree,
  vectorConsistencyProof,
  vectorInclusionProof,
} from "../../../../src-main/ledger/index.ts";

const SIZE = 70_000;
const leaves: Uint8Array[] = [];
const tiles = new Map<string, Uint8Array>();
const frontier = new MerkleFrontier(sha256);
for (let at = 0; at < SIZE; at += 1) {
  const leaf = new Uint8Array(32);
  new DataView(leaf.buffer).setUint32(0, at);
  leaves.push(leaf);
  frontier.append(leaf, (level, index, hash) => {
    if (level % 8 !== 0) return;
    const place = tileOfSubtree(level, index);
    tiles.set(`${place.level}/${place.index}/${place.position}`, hash);
  });
}
let reads = 0;
const read = subtreesOfTiles(sha256, (level, index, position) => {
  reads += 1;
  const hash = tiles.get(`${level}/${index}/${position}`);
  if (hash === undefined) throw new Error(`no hash ${level}/${index}/${position}`);
  return hash;
});
const root = frontier.root();

describe("ledger/vector/proofs", () => {
  it("proves slots of a large vector out of its tiles alone", () => {
    for (const index of [0, 1, 255, 256, 65_535, 65_536, 69_999]) {
      reads = 0;
      const proof = vectorInclusionProof(sha256, index, SIZE, read);
      const path = { leafHash: leaves[index], index, size: SIZE, proof };
      expect(verifyInclusion(sha256, root, path)).toBe(true);
      expect(reads).toBeLessThan(1_000);
    }
  });

  it("gives the proofs of the definition, for older sizes too", () => {
    const size = 1_000;
    const some = leaves.slice(0, size);
    expect(vectorInclusionProof(sha256, 700, size, read)).toEqual(
      inclusionProof(sha256, some, 700),
    );
    expect(vectorConsistencyProof(sha256, 300, size, read)).toEqual(
      consistencyProof(sha256, some, 300),
    );
  });

  it("proves that a vector continues an older one", () => {
    const firstSize = 12_345;
    const claim = {
      firstSize,
      firstRoot: rootFromLeafHashes(sha256, leaves.slice(0, firstSize)),
      secondSize: SIZE,
      secondRoot: root,
      proof: vectorConsistencyProof(sha256, firstSize, SIZE, read),
    };
    expect(verifyConsistency(sha256, claim)).toBe(true);
    expect(verifyConsistency(sha256, { ...claim, firstRoot: root })).toBe(false);
  });
});
