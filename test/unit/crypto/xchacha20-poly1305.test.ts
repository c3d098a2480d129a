import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";
import { decryptWithKey, encryptWithKey } from "../../../src-main/crypto/xchacha20-poly1305.ts";

const KEY = sha256(Uint8Array.of(1));
const NONCE = sha256(Uint8Array.of(2)).slice(0, 24);
const DATA = Uint8Array.of(7, 7);
const refused = { ok: false, rejection: { code: "CRYPTO_DECRYPT" } };

describe("crypto/xchacha20-poly1305", () => {
  it("opens what it hid, 16 bytes longer, and leaves what it was given as it was", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.uint8Array({ maxLength: 40 }),
        (text, data) => {
          const kept = text.slice();
          const hidden = encryptWithKey(KEY, NONCE, text, data);
          expect(hidden).toHaveLength(text.length + 16);
          expect(decryptWithKey(KEY, NONCE, hidden, data)).toEqual({ ok: true, value: kept });
          expect(text).toEqual(kept);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("refuses another key, nonce, associated data, and every changed bit or length", () => {
    const hidden = encryptWithKey(KEY, NONCE, Uint8Array.of(1, 2, 3), DATA);
    expect(decryptWithKey(KEY.with(0, 0), NONCE, hidden, DATA)).toMatchObject(refused);
    expect(decryptWithKey(KEY, NONCE.with(23, 0), hidden, DATA)).toMatchObject(refused);
    expect(decryptWithKey(KEY, NONCE, hidden, Uint8Array.of(7))).toMatchObject(refused);
    for (let bit = 0; bit < 8 * hidden.length; bit += 1) {
      const changed = hidden.slice();
      changed[bit >> 3] ^= 1 << (bit & 7);
      expect(decryptWithKey(KEY, NONCE, changed, DATA)).toMatchObject(refused);
    }
    for (let size = 0; size < hidden.length; size += 1) {
      expect(decryptWithKey(KEY, NONCE, hidden.subarray(0, size), DATA)).toMatchObject(refused);
    }
  });

  it("stops at a key or nonce of another size", () => {
    expect(() => encryptWithKey(KEY.subarray(1), NONCE, DATA, DATA)).toThrow(BrokenInvariant);
    expect(() => encryptWithKey(KEY, NONCE.subarray(12), DATA, DATA)).toThrow(BrokenInvariant);
    expect(() => decryptWithKey(KEY, KEY, new Uint8Array(16), DATA)).toThrow(BrokenInvariant);
  });
});
