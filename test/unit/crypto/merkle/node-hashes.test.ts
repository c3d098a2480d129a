import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";
import { emptyRoot, leafHash, nodeHash } from "../../../../src-main/crypto/merkle/node-hashes.ts";

// The published answers of certificate-transparency-go for these three inputs.
describe("crypto/merkle/node-hashes", () => {
  it("hashes nothing, a leaf and a node as published", () => {
    expect(bytesToHex(emptyRoot(sha256))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    expect(bytesToHex(leafHash(sha256, new Uint8Array(0)))).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
    const right = sha256(new Uint8Array([1, 0x96]));
    const left = leafHash(sha256, new Uint8Array(0));
    const expected = sha256(new Uint8Array([1, ...left, ...right]));
    expect(nodeHash(sha256, left, right)).toEqual(expected);
    expect(nodeHash(sha256, right, left)).not.toEqual(expected);
  });
});
