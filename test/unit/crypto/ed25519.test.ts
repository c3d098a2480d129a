import {
  createPrivateKey,
  createPublicKey,
  sign as nodeSign,
  verify as nodeVerify,
} from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import {
  decodeScalar,
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  isEd25519PublicKey,
} from "../../../src-main/crypto/ed25519.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";

const SECRET = sha256(new Uint8Array([1]));
const PUBLIC = ed25519PublicKey(SECRET);
const MESSAGE = new Uint8Array([1, 2, 3]);
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

const opensslSecret = (secret: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: "der", type: "pkcs8" });
const opensslPublic = (key: Uint8Array) =>
  createPublicKey({ key: Buffer.concat([SPKI, key]), format: "der", type: "spki" });

describe("crypto/ed25519", () => {
  it("signs the bytes OpenSSL signs, and both verify them", () => {
    const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(seed, fc.uint8Array(), (bytes, message) => {
        const secret = sha256(bytes);
        const publicKey = ed25519PublicKey(secret);
        const signature = ed25519Sign(secret, message);
        const theirs = nodeSign(null, message, opensslSecret(secret));
        expect(signature).toEqual(new Uint8Array(theirs));
        expect(nodeVerify(null, message, opensslPublic(publicKey), signature)).toBe(true);
        expect(ed25519Verify(publicKey, message, signature)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it("refuses a signature with any one bit changed, and another message or key", () => {
    const signature = ed25519Sign(SECRET, MESSAGE);
    for (let bit = 0; bit < 512; bit += 37) {
      const changed = signature.with(bit >> 3, signature[bit >> 3] ^ (1 << (bit & 7)));
      expect(ed25519Verify(PUBLIC, MESSAGE, changed)).toBe(false);
    }
    expect(ed25519Verify(PUBLIC, new Uint8Array([1, 2]), signature)).toBe(false);
    expect(ed25519Verify(ed25519PublicKey(PUBLIC), MESSAGE, signature)).toBe(false);
  });

  it("refuses keys and signatures of another length", () => {
    const signature = ed25519Sign(SECRET, MESSAGE);
    for (const size of [0, 31, 33]) {
      expect(isEd25519PublicKey(new Uint8Array(size).fill(3))).toBe(false);
      expect(ed25519Verify(new Uint8Array(size), MESSAGE, signature)).toBe(false);
    }
    for (const size of [0, 63, 65]) {
      expect(ed25519Verify(PUBLIC, MESSAGE, new Uint8Array(size))).toBe(false);
    }
    expect(isEd25519PublicKey(PUBLIC)).toBe(true);
  });

  it("takes scalars below L alone", () => {
    const order = Buffer.from("edd3f55c1a631258d69cf7a2def9de14", "hex");
    const bytes = new Uint8Array(32).with(31, 0x10);
    bytes.set(order);
    expect(decodeScalar(bytes)).toBe(undefined);
    const below = bytes.with(0, 0xec);
    expect(decodeScalar(below)).toBe(2n ** 252n + 27742317777372353535851937790883648492n);
  });

  it("stops at a secret key that nobody checked", () => {
    expect(() => ed25519Sign(new Uint8Array(32), MESSAGE)).toThrow(BrokenInvariant);
    expect(() => ed25519PublicKey(new Uint8Array(31))).toThrow(BrokenInvariant);
  });
});
