import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decryptWithKey,
  ed25519PublicKey,
  ed25519Verify,
  isX25519PublicKey,
  MerkleFrontier,
  nobleSignatures,
  openSealed,
  parseAddress,
  sealTo,
  sha256,
  verifyConsistency,
  verifyInclusion,
  vrfOutput,
  vrfVerify,
  x25519SharedSecret,
} from "../../../src-main/crypto/index.ts";

/** Lengths near the right one, bytes often at the ends of their range. */
const near = (size: number) => {
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 127, 128, 255));
  const exact = fc.array(byte, { minLength: size, maxLength: size });
  const other = fc.array(byte, { maxLength: size + 2 });
  return fc
    .oneof({ weight: 4, arbitrary: exact }, { weight: 1, arbitrary: other })
    .map((bytes) => Uint8Array.from(bytes));
};
const size = fc.oneof(fc.nat({ max: 40 }), fc.double(), fc.constantFrom(2 ** 53, -1, 2 ** 52));
const hashes = fc.array(near(32), { maxLength: 8 });
const KEY = ed25519PublicKey(sha256(new Uint8Array([1])));

describe("crypto on bytes from peers", () => {
  it("recovers an address or nobody and never throws", () => {
    fc.assert(
      fc.property(near(65), fc.constantFrom(27, 28, 0, 255), (bytes, v) => {
        const signature = bytes.length > 64 ? bytes.with(64, v) : bytes;
        const address = nobleSignatures.recover(sha256(bytes), signature);
        expect(address === undefined || address.length === 20).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it("never throws and never accepts random Ed25519 signatures and VRF proofs", () => {
    fc.assert(
      fc.property(near(32), near(64), near(80), (key, signature, proof) => {
        for (const publicKey of [key, KEY]) {
          expect(ed25519Verify(publicKey, key, signature)).toBe(false);
          expect(vrfVerify(publicKey, key, proof)).toBe(undefined);
        }
        const output = vrfOutput(proof);
        expect(output === undefined || output.length === 64).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("opens nothing that was not sealed, and never throws over keys and ciphertexts", () => {
    const context = new Uint8Array(3);
    const codes = ["CRYPTO_SEALED_FORM", "CRYPTO_DECRYPT"];
    fc.assert(
      fc.property(near(32), near(80), (key, sealed) => {
        const opened = openSealed(KEY, sealed, context);
        expect(opened.ok ? "opened" : opened.rejection.code).toBeOneOf(codes);
        const shown = decryptWithKey(KEY, KEY.subarray(8), sealed, key);
        expect(shown.ok ? "opened" : shown.rejection.code).toBe("CRYPTO_DECRYPT");
        const agrees = isX25519PublicKey(key);
        expect(sealTo(key, sealed, KEY, context).ok).toBe(agrees);
        if (agrees) expect(x25519SharedSecret(KEY, key).ok).toBe(true);
        else x25519SharedSecret(KEY, key);
      }),
      { numRuns: 200 },
    );
  });

  it("never throws and never accepts random tree proofs", () => {
    fc.assert(
      fc.property(near(32), near(32), size, size, hashes, (one, two, first, second, proof) => {
        const path = { leafHash: one, index: first, size: second, proof };
        const same = first === 0 && second === 1 && proof.length === 0;
        if (!same) expect(verifyInclusion(sha256, two, path)).toBe(false);
        const claim = { firstSize: first, firstRoot: one, secondSize: second, secondRoot: two };
        if (first !== second) expect(verifyConsistency(sha256, { ...claim, proof })).toBe(false);
        else verifyConsistency(sha256, { ...claim, proof });
      }),
      { numRuns: 2000 },
    );
  });

  it("answers stored edges and typed addresses with a value or a rejection", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.string(), (bytes, text) => {
        const frontier = MerkleFrontier.restore(sha256, bytes);
        if (frontier.ok) expect(frontier.value.serialise()).toEqual(bytes);
        expect(parseAddress(text).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
