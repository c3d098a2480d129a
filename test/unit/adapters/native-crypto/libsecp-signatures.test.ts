import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  loadCompiled,
  loadWasm,
  signaturesOver,
} from "../../../../src-main/adapters/native-crypto/libsecp-signatures.ts";
import type { CurveLibrary } from "../../../../src-main/adapters/native-crypto/index.ts";
import { hexToBytes } from "../../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../../src-main/contract/outcome.ts";
import { addressOfSecretKey, nobleSignatures, sha256 } from "../../../../src-main/crypto/index.ts";

const libraries: [string, CurveLibrary][] = [["wasm", await loadWasm()]];
try {
  libraries.push(["compiled", loadCompiled()]);
} catch {
  console.log("skipped: npm secp256k1 has no binary for this machine");
}

describe.each(libraries)("libsecp256k1, %s", (_, library) => {
  const backend = signaturesOver(library);
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it("makes the definition's signatures and recovers their signers", () => {
    fc.assert(
      fc.property(bytes32, bytes32, (seed, digest) => {
        const secret = sha256(seed);
        const signature = backend.sign(digest, secret);
        expect(signature).toEqual(nobleSignatures.sign(digest, secret));
        expect(backend.recover(digest, signature)).toEqual(addressOfSecretKey(secret));
      }),
      { numRuns: 40 },
    );
  });

  it("makes the definition's signature of a digest that the order does not hold", () => {
    const secret = sha256(Uint8Array.of(1));
    for (const digest of [
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
      "ff".repeat(32),
    ].map(hexToBytes)) {
      const signature = backend.sign(digest, secret);
      expect(signature).toEqual(nobleSignatures.sign(digest, secret));
      expect(backend.recover(digest, signature)).toEqual(addressOfSecretKey(secret));
    }
  });

  it("stops at a key or digest that nobody checked", () => {
    const secret = sha256(Uint8Array.of(1));
    const digest = sha256(Uint8Array.of(2));
    const signature = backend.sign(digest, secret);
    expect(() => backend.sign(digest, new Uint8Array(32))).toThrow(BrokenInvariant);
    expect(() => backend.sign(new Uint8Array(31), secret)).toThrow(BrokenInvariant);
    expect(() => backend.recover(new Uint8Array(31), signature)).toThrow(BrokenInvariant);
  });

  it("leaves what it was given as it was, and its answers to whoever asked", () => {
    const digest = sha256(Uint8Array.of(2));
    const signature = backend.sign(digest, sha256(Uint8Array.of(1)));
    const kept = signature.slice();
    const first = backend.recover(digest, signature);
    const address = first?.slice();
    backend.recover(sha256(Uint8Array.of(3)), signature);
    expect(signature).toEqual(kept);
    expect(first).toEqual(address);
  });
});

describe("a library that signs digests above the order by itself", () => {
  it("would sign otherwise than the definition, which is why it is not asked", async () => {
    const { compact } = (await loadWasm()).sign(
      hexToBytes("ff".repeat(32)),
      sha256(Uint8Array.of(1)),
    );
    const right = nobleSignatures.sign(hexToBytes("ff".repeat(32)), sha256(Uint8Array.of(1)));
    expect(compact).not.toEqual(right.subarray(0, 64));
  });
});
