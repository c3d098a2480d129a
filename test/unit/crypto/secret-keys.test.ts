import { describe, expect, it } from "vitest";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import { checkSecretKey, isSecretKey } from "../../../src-main/crypto/secret-keys.ts";

const ORDER = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const BELOW_ORDER = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";

describe("crypto/secret-keys", () => {
  it("takes 1 to n-1 for secp256k1", () => {
    const one = new Uint8Array(32).with(31, 1);
    expect(isSecretKey("secp256k1", one)).toBe(true);
    expect(isSecretKey("secp256k1", hexToBytes(BELOW_ORDER))).toBe(true);
    expect(isSecretKey("secp256k1", hexToBytes(ORDER))).toBe(false);
    expect(isSecretKey("secp256k1", new Uint8Array(32))).toBe(false);
    expect(isSecretKey("secp256k1", new Uint8Array(32).fill(255))).toBe(false);
  });

  it("takes any 32 bytes but zeros for Ed25519 and X25519", () => {
    for (const curve of ["ed25519", "x25519"] as const) {
      expect(isSecretKey(curve, new Uint8Array(32).fill(255))).toBe(true);
      expect(isSecretKey(curve, new Uint8Array(32))).toBe(false);
    }
  });

  it("refuses another length with a code and without the bytes", () => {
    for (const size of [0, 31, 33, 64]) {
      for (const curve of ["secp256k1", "ed25519", "x25519"] as const) {
        expect(checkSecretKey(curve, new Uint8Array(size).fill(7))).toEqual({
          ok: false,
          rejection: { code: "CRYPTO_SECRET_KEY", facts: { curve, bytes: size } },
        });
      }
    }
  });
});
