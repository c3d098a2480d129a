import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import { sha256, taggedHash } from "../../../src-main/crypto/hasher.ts";

const nodeSha256 = (...parts: Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

describe("crypto/hasher", () => {
  it("is SHA-256: the FIPS 180-4 examples and Node's answers", () => {
    expect(bytesToHex(sha256(new TextEncoder().encode("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(bytesToHex(sha256(bytes))).toBe(nodeSha256(bytes));
      }),
    );
  });

  it("puts the tag's length and letters in front of the parts", () => {
    const tag = new TextEncoder().encode("\u0007vivian/");
    const parts = [new Uint8Array([1, 2]), new Uint8Array(0), new Uint8Array([3])];
    expect(bytesToHex(taggedHash(sha256, "vivian/", ...parts))).toBe(nodeSha256(tag, ...parts));
  });

  it("stops at a tag that could pass for a Merkle prefix or is not ASCII", () => {
    for (const tag of ["", "a", "é-tag", "with space", "x".repeat(256)]) {
      expect(() => taggedHash(sha256, tag)).toThrow(BrokenInvariant);
    }
  });
});
