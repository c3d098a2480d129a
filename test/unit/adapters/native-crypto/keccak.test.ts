import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseKeccak,
  nativeKeccak256,
} from "../../../../src-main/adapters/native-crypto/keccak.ts";
import { nativeSha256 } from "../../../../src-main/adapters/native-crypto/sha256.ts";
import { keccak256 } from "../../../../src-main/crypto/index.ts";

describe("adapters/native-crypto/keccak", () => {
  it("gives the definition's digest for any bytes, wherever they lie in memory", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat({ max: 9 }), (bytes, offset) => {
        const view = bytes.subarray(Math.min(offset, bytes.length));
        expect(nativeKeccak256(view)).toEqual(keccak256(view));
      }),
      { numRuns: 500 },
    );
    for (let length = 0; length < 420; length += 1) {
      const bytes = new Uint8Array(length).fill(length);
      expect(nativeKeccak256(bytes), `${length} bytes`).toEqual(keccak256(bytes));
    }
  });

  it("answers a digest of its own that no later call changes", () => {
    const first = nativeKeccak256(Uint8Array.of(1));
    const kept = first.slice();
    for (let seed = 2; seed < 50; seed += 1) nativeKeccak256(Uint8Array.of(seed));
    expect(first).toEqual(kept);
    expect(first.buffer.byteLength).toBe(32);
  });

  it("comes with the hasher, so that typed data is hashed by it", () => {
    expect(nativeSha256.keccak256).toBe(nativeKeccak256);
  });

  it("is the definition without an addon, with an older one, and with a wrong one", () => {
    const absent = chooseKeccak(() => {
      throw new Error("no addon");
    });
    expect(absent).toBe(keccak256);
    expect(chooseKeccak(() => ({}))).toBe(keccak256);
    const wrongAtTwoBlocks = chooseKeccak(() => ({
      keccak256: (bytes, digest) => {
        digest.set(keccak256(bytes));
        if (bytes.length >= 272) digest[0] ^= 1;
      },
    }));
    expect(wrongAtTwoBlocks).toBe(keccak256);
    const silent = chooseKeccak(() => ({ keccak256: () => undefined }));
    expect(silent).toBe(keccak256);
  });
});
