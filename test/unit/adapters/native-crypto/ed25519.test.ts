import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseEd25519,
  nativeEd25519Verify,
  strictVerifyOver,
} from "../../../../src-main/adapters/native-crypto/ed25519.ts";
import { hexToBytes } from "../../../../src-main/contract/bytes.ts";
import {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  sha256,
} from "../../../../src-main/crypto/index.ts";

const FILE = new URL("../../../vectors/crypto/ed25519-strict.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(FILE, "utf8")) as {
  cases: { name: string; publicKey: string; message: string; signature: string; valid: boolean }[];
};

describe("adapters/native-crypto/ed25519", () => {
  it("uses OpenSSL on this machine", () => {
    expect(chooseEd25519()).not.toBe(ed25519Verify);
  });

  it("gives the strict rule's verdict in every edge case", () => {
    for (const each of cases) {
      const [key, message, signature] = [each.publicKey, each.message, each.signature].map(
        hexToBytes,
      );
      expect(nativeEd25519Verify(key, message, signature), each.name).toBe(each.valid);
    }
  });

  it("gives the definition's verdict on signatures with a bit changed, and on any length", () => {
    const secret = sha256(Uint8Array.of(1));
    const publicKey = ed25519PublicKey(secret);
    const bit = fc.nat({ max: 8 * (32 + 64) - 1 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bit, fc.boolean(), (message, at, change) => {
        const parts = Uint8Array.from([...publicKey, ...ed25519Sign(secret, message)]);
        if (change) parts[at >> 3] ^= 1 << (at & 7);
        const [key, signature] = [parts.slice(0, 32), parts.slice(32)];
        const verdict = nativeEd25519Verify(key, message, signature);
        expect(verdict).toBe(ed25519Verify(key, message, signature));
        expect(verdict).toBe(!change);
      }),
      { numRuns: 150 },
    );
    for (const size of [0, 31, 33]) {
      expect(nativeEd25519Verify(new Uint8Array(size), sha256(secret), new Uint8Array(64))).toBe(
        false,
      );
      const short = new Uint8Array(32 + size);
      expect(nativeEd25519Verify(publicKey, sha256(secret), short)).toBe(false);
    }
  });

  it("is the definition where a library answers a question wrongly or throws", () => {
    expect(chooseEd25519(() => true)).toBe(ed25519Verify);
    expect(chooseEd25519(() => false)).toBe(ed25519Verify);
    const throwing = strictVerifyOver(() => {
      throw new Error("no such key type");
    });
    const secret = sha256(Uint8Array.of(2));
    const message = Uint8Array.of(5);
    const signature = ed25519Sign(secret, message);
    expect(throwing(ed25519PublicKey(secret), message, signature)).toBe(true);
    expect(throwing(ed25519PublicKey(secret), message, signature.with(0, 1))).toBe(false);
  });
});
