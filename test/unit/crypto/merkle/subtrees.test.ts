import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "../../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";
import { leafHash, nodeHash } from "../../../../src-main/crypto/merkle/node-hashes.ts";
import {
  isTreeNumber,
  merkleRoot,
  rangeHash,
  rootFromLeafHashes,
  splitPoint,
  subtreesOf,
} from "../../../../src-main/crypto/merkle/subtrees.ts";

/** The definition of RFC 9162, section 2.1.1, as it is written there. */
function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return leafHash(sha256, leaves[0]);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(sha256, treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** Leaves and root of the tree in the certificate-transparency test data. */
const CT_LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map(hexToBytes);
const CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";

describe("crypto/merkle/subtrees", () => {
  it("gives the published root of the certificate-transparency tree", () => {
    expect(bytesToHex(merkleRoot(sha256, CT_LEAVES))).toBe(CT_ROOT);
  });

  it("equals the recursive definition for every size up to 70", () => {
    const leaves: Uint8Array[] = [];
    for (let size = 0; size <= 70; size += 1) {
      expect(merkleRoot(sha256, leaves)).toEqual(treeHash(leaves));
      const hashes = leaves.map((leaf) => leafHash(sha256, leaf));
      expect(rootFromLeafHashes(sha256, hashes)).toEqual(treeHash(leaves));
      leaves.push(new Uint8Array([size, 7]));
    }
  });

  it("hashes a range on the right edge, and stops at one that is no node", () => {
    const hashes = CT_LEAVES.map((leaf) => leafHash(sha256, leaf));
    const read = subtreesOf(sha256, hashes);
    const range = { first: 4, count: 3 };
    expect(rangeHash(sha256, range, read)).toEqual(treeHash(CT_LEAVES.slice(4, 7)));
    expect(() => rangeHash(sha256, { first: 1, count: 2 }, read)).toThrow(BrokenInvariant);
    expect(() => rangeHash(sha256, { first: 0, count: 0 }, read)).toThrow(BrokenInvariant);
  });

  it("counts beyond 32 bits", () => {
    expect(splitPoint(2 ** 40 + 1)).toBe(2 ** 40);
    expect(splitPoint(2 ** 40)).toBe(2 ** 39);
    expect(isTreeNumber(2 ** 53)).toBe(false);
    expect(isTreeNumber(-1)).toBe(false);
    expect(isTreeNumber(0.5)).toBe(false);
  });
});
