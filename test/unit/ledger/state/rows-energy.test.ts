import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  certificateDigest,
  certificateName,
  isCertificateName,
} from "../../../../src-main/ledger/index.ts";

const name = fc.string({ minLength: 1, maxLength: 20 }).filter(isCertificateName);

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
        fc.pre(left.map(certificateName).join("\0") !== right.map(certificateName).join("\0"));
        const digest = (one: [string, string]): string =>
          bytesToHex(certificateDigest(sha256, one[0], one[1]));
        expect(digest(left)).not.toBe(digest(right));
      }),
      { numRuns: 200 },
    );
    expect(certificateDigest(sha256, "AB", "C")).not.toEqual(certificateDigest(sha256, "A", "BC"));
  });

  it("gives one certificate one digest, however it is written", () => {
    const digest = (registry: string, id: string): string =>
      bytesToHex(certificateDigest(sha256, registry, id));
    const said = digest("HKN", "DE-GC-0001");
    for (const registry of ["hkn", " HKN", "Hkn\t", "ＨＫＮ"]) {
      expect(digest(registry, " de-gc-0001")).toBe(said);
    }
    expect(digest("HKN", "DE-GC-00 01")).not.toBe(said);
    fc.assert(
      fc.property(name, (text) => {
        expect(certificateName(certificateName(text))).toBe(certificateName(text));
      }),
    );
  });

  it("has no digest for a name with a zero byte or without any", () => {
    for (const [registry, id] of [
      ["", "1"],
      ["H\0", "1"],
      ["H", ""],
      ["H", " "],
      ["H", "ü".repeat(65)],
      ["H", "x".repeat(129)],
    ]) {
      expect(isCertificateName(registry) && isCertificateName(id)).toBe(false);
      expect(() => certificateDigest(sha256, registry, id)).toThrow();
    }
  });
});
