import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";
import {
  isX25519PublicKey,
  x25519PublicKey,
  x25519SharedSecret,
} from "../../../src-main/crypto/x25519.ts";

const PRIME = 2n ** 255n - 19n;
const SECRET = sha256(Uint8Array.of(1));

/** A u coordinate as 32 bytes, little-endian. */
const coordinate = (u: bigint) => hexToBytes(u.toString(16).padStart(64, "0")).toReversed();

describe("crypto/x25519", () => {
  it("lets two sides reach one secret", () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(bytes32, bytes32, (one, two) => {
        const [first, second] = [sha256(one), sha256(two)];
        const here = x25519SharedSecret(first, x25519PublicKey(second));
        expect(here).toEqual(x25519SharedSecret(second, x25519PublicKey(first)));
        expect(here.ok && here.value.length).toBe(32);
        expect(isX25519PublicKey(x25519PublicKey(first))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("refuses exactly the keys whose secret would be zero, in any of their forms", () => {
    const small = smallOrder();
    expect(small).toHaveLength(5);
    for (const u of small) {
      for (const form of [u, u + PRIME].filter((value) => value < 2n ** 255n)) {
        for (const top of [0, 0x80]) {
          const key = coordinate(form);
          key[31] |= top;
          expect(isX25519PublicKey(key), bytesToHex(key)).toBe(false);
          expect(x25519SharedSecret(SECRET, key)).toMatchObject({
            ok: false,
            rejection: { code: "CRYPTO_SHARED_SECRET" },
          });
        }
      }
    }
    for (const u of [2n, 9n, PRIME - 2n, ...small.map((value) => value + 2n)]) {
      if (u >= PRIME) continue;
      expect(isX25519PublicKey(coordinate(u)), String(u)).toBe(true);
      expect(x25519SharedSecret(SECRET, coordinate(u)).ok).toBe(true);
    }
  });

  it("lets only one form of a key be registered", () => {
    for (const u of [PRIME + 9n, PRIME + 2n, 2n ** 255n + 9n, 2n ** 255n - 1n]) {
      expect(isX25519PublicKey(coordinate(u)), String(u)).toBe(false);
    }
    for (const size of [0, 31, 33]) {
      const key = new Uint8Array(size).fill(9);
      expect(isX25519PublicKey(key)).toBe(false);
      expect(x25519SharedSecret(SECRET, key).ok).toBe(false);
    }
  });

  it("stops at a secret that nobody checked", () => {
    expect(() => x25519PublicKey(new Uint8Array(32))).toThrow(BrokenInvariant);
    expect(() => x25519SharedSecret(new Uint8Array(31), coordinate(9n))).toThrow(BrokenInvariant);
  });
});

/** u of every point of order 1, 2, 4, 8 on curve and twist: all u whose eightfold is zero. */
function smallOrder(): readonly bigint[] {
  const power = (base: bigint, exponent: bigint): bigint => {
    let [result, square] = [1n, base % PRIME];
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = (result * square) % PRIME;
      square = (square * square) % PRIME;
    }
    return result;
  };
  const root = (value: bigint): bigint => {
    const candidate = power(value, (PRIME + 3n) / 8n);
    if ((candidate * candidate - value) % PRIME === 0n) return candidate;
    return (candidate * power(2n, (PRIME - 1n) / 4n)) % PRIME;
  };
  const modulo = (value: bigint) => ((value % PRIME) + PRIME) % PRIME;
  // A doubling takes u to (u^2 - 1)^2 / 4u(u^2 + Au + 1). u = 1 and -1 double to 0, order 2; those
  // of order 8 double to u = 1: (u^2 - 1)^2 = 4u(u^2 + Au + 1), which with w = u + 1/u is
  // w^2 - 4w - 4(A + 1) = 0, so w = 2 ± 2 sqrt(A + 2); then u^2 - wu + 1 = 0.
  const A = 486_662n;
  const found = new Set<bigint>([0n, 1n, PRIME - 1n]);
  const rootA = root(A + 2n);
  for (const w of [modulo(2n + 2n * rootA), modulo(2n - 2n * rootA)]) {
    const discriminant = modulo(w * w - 4n);
    const half = root(discriminant);
    if (modulo(half * half - discriminant) !== 0n) continue;
    const twoInverse = (PRIME + 1n) / 2n;
    for (const sign of [half, PRIME - half]) found.add(modulo((w + sign) * twoInverse));
  }
  return [...found];
}
