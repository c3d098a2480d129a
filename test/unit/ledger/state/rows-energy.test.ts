import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { certificateDigest } from "../../../../src-main/ledger/index.ts";

const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes("\0"));

describe("ledger/state/rows-energy", () => {
  it("gives a certificate the digest that a second program computes", () => {
    // Computed with Python's hashlib: sha256(len(tag) ‖ tag ‖ b"HKN\0DE-GC-0001"), see taggedHash.
    const digest = certificateDigest(sha256, "HKN", "DE-GC-0001");
    expect(bytesToHex(digest)).toBe(
      "62a8723ebceee2382b14fa8ad3cd164b12b617aa11c0cea190915221eea6538f",
    );
  });

  it("gives two certificates two digests, wherever the name ends", () => {
    const pair = fc.tuple(name, name);
    fc.assert(
      fc.property(pair, pair, (left, right) => {
        fc.pre(left[0] !== right[0] || left[1] !== right[1]);
        const digest = (one: [string, string]): string =>
          bytesToHex(certificateDigest(sha256, one[0], one[1]));
        expect(digest(left)).not.toBe(digest(right));
      }),
      { numRuns: 200 },
    );
    expect(certificateDigest(sha256, "AB", "C")).not.toEqual(certificateDigest(sha256, "A", "BC"));
  });

  it("has no digest for a name with a zero byte or without any", () => {
    for (const [registry, id] of [
      ["", "1"],
      ["H\0", "1"],
      ["H", ""],
      ["H", "x".repeat(129)],
    ]) {
      expect(() => certificateDigest(sha256, registry, id)).toThrow();
    }
  });
});
