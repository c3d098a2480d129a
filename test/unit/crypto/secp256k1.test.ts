import { SigningKey, Wallet } from "ethers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex, concatBytes, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import { addressToText } from "../../../src-main/crypto/address.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";
import { addressOfSecretKey, nobleSignatures } from "../../../src-main/crypto/secp256k1.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const SECRET = sha256(new Uint8Array([1]));
const DIGEST = sha256(new Uint8Array([2]));
const SIGNATURE = nobleSignatures.sign(DIGEST, SECRET);

const toBigInt = (bytes: Uint8Array) => BigInt(`0x${bytesToHex(bytes)}`);
const word = (value: bigint) => hexToBytes(value.toString(16).padStart(64, "0"));
const recover = (signature: Uint8Array) => nobleSignatures.recover(DIGEST, signature);

describe("crypto/secp256k1", () => {
  it("signs the bytes ethers signs and recovers the wallet's address", () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(bytes32, bytes32, (seed, digest) => {
        const secret = sha256(seed);
        const signature = nobleSignatures.sign(digest, secret);
        const key = new SigningKey(secret);
        expect(`0x${bytesToHex(signature)}`).toBe(key.sign(digest).serialized);
        const address = addressOfSecretKey(secret);
        expect(addressToText(address)).toBe(new Wallet(key).address);
        expect(nobleSignatures.recover(digest, signature)).toEqual(address);
      }),
      { numRuns: 20 },
    );
  });

  it("refuses the other s, whichever v goes with it", () => {
    const highS = word(ORDER - toBigInt(SIGNATURE.subarray(32, 64)));
    for (let v = 0; v < 256; v += 1) {
      const turned = concatBytes(SIGNATURE.subarray(0, 32), highS, new Uint8Array([v]));
      expect(recover(turned)).toBe(undefined);
    }
  });

  it("knows v as 27 and 28 alone", () => {
    const other = SIGNATURE[64] === 27 ? 28 : 27;
    for (let v = 0; v < 256; v += 1) {
      const address = recover(SIGNATURE.with(64, v));
      if (v === SIGNATURE[64]) expect(address).toEqual(addressOfSecretKey(SECRET));
      else if (v === other) expect(address).not.toEqual(addressOfSecretKey(SECRET));
      else expect(address).toBe(undefined);
    }
  });

  it("refuses r and s outside 1..n-1 and 1..n/2, and any other length", () => {
    const half = ORDER / 2n;
    const tail = SIGNATURE.subarray(32);
    const head = SIGNATURE.subarray(0, 32);
    const v = SIGNATURE.subarray(64);
    for (const r of [0n, ORDER, ORDER + 1n, (1n << 256n) - 1n]) {
      expect(recover(concatBytes(word(r), tail))).toBe(undefined);
    }
    for (const s of [0n, half + 1n, ORDER - 1n, ORDER, (1n << 256n) - 1n]) {
      expect(recover(concatBytes(head, word(s), v))).toBe(undefined);
    }
    // The bound itself is canonical, so it recovers somebody.
    expect(recover(concatBytes(head, word(half), v))).toHaveLength(20);
    for (const size of [0, 64, 66]) expect(recover(new Uint8Array(size).fill(27))).toBe(undefined);
  });

  it("refuses an r that is no point's x", () => {
    // 5 is the least x for which x^3 + 7 is not a square modulo the field's prime.
    expect(recover(concatBytes(word(5n), SIGNATURE.subarray(32)))).toBe(undefined);
  });

  it("stops at a key or digest that nobody checked", () => {
    expect(() => nobleSignatures.sign(DIGEST, new Uint8Array(32))).toThrow(BrokenInvariant);
    expect(() => nobleSignatures.sign(new Uint8Array(31), SECRET)).toThrow(BrokenInvariant);
    expect(() => nobleSignatures.recover(new Uint8Array(31), SIGNATURE)).toThrow(BrokenInvariant);
    expect(() => addressOfSecretKey(new Uint8Array(31))).toThrow(BrokenInvariant);
  });
});
