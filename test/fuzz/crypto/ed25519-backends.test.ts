/**
 * Puts OpenSSL's way beside the strict rule where libraries differ: keys and R with a torsion part,
 * points of small order, encodings that are not canonical, S at its bound.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import {
  nativeEd25519Verify,
  nativeSha256,
} from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex, concatBytes, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { hashToScalar } from "../../../src-main/crypto/ed25519.ts";
import { ed25519Verify } from "../../../src-main/crypto/index.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";
const CASES = FULL ? 20_000 : 320;

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const PRIME = Point.Fp.ORDER;
/** A point of order 8; its multiples are the torsion. */
const TORSION = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
const MULTIPLES = Array.from({ length: 8 }, (_, at) =>
  at === 0 ? Point.ZERO : TORSION.multiplyUnsafe(BigInt(at)),
);

const littleEndian = (value: bigint) =>
  hexToBytes(value.toString(16).padStart(64, "0")).toReversed();
const chance = (...numbers: readonly number[]) =>
  nativeSha256(new Uint8Array(Uint32Array.from(numbers).buffer));
const scalar = (...numbers: readonly number[]) =>
  BigInt(`0x${bytesToHex(chance(...numbers))}`) % ORDER;

interface Case {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** A signature that holds times the cofactor; without it, whenever the torsion cancels. */
function torsionCase(number: number): Case {
  const [a, r] = [scalar(1, number), scalar(2, number)];
  const draw = chance(3, number);
  const key = Point.BASE.multiply(a).add(MULTIPLES[draw[0] & 7]);
  const commitment = Point.BASE.multiply(r).add(MULTIPLES[draw[1] & 1 ? 0 : draw[2] & 7]);
  const publicKey = key.toBytes();
  const encodedR = commitment.toBytes();
  const message = chance(4, number);
  const s = (r + hashToScalar(encodedR, publicKey, message) * a) % ORDER;
  return { publicKey, message, signature: concatBytes(encodedR, littleEndian(s)) };
}

/** Key or R (or both) of small order or its other encodings, S zero or whatever fits. */
function smallCase(number: number): Case {
  const draw = chance(5, number);
  const special = (which: number): Uint8Array => {
    const bytes = MULTIPLES[draw[which] & 7].toBytes();
    const y = BigInt(`0x${bytesToHex(bytes.with(31, bytes[31] & 0x7f).toReversed())}`);
    const other = draw[which + 1] & 1 && y + PRIME < 2n ** 255n ? littleEndian(y + PRIME) : bytes;
    return draw[which + 2] & 1 ? other.with(31, other[31] ^ 0x80) : other;
  };
  const a = scalar(6, number);
  const publicKey = draw[20] & 1 ? special(0) : Point.BASE.multiply(a).toBytes();
  const encodedR = draw[21] & 3 ? special(4) : Point.BASE.toBytes();
  const message = chance(7, number);
  const k = hashToScalar(encodedR, publicKey, message);
  const s = draw[22] & 1 ? (k * a) % ORDER : 0n;
  return { publicKey, message, signature: concatBytes(encodedR, littleEndian(s)) };
}

/** An honest signature with S moved by the order, or a byte changed. */
function changedCase(number: number): Case {
  const secret = chance(8, number);
  const message = chance(9, number);
  const publicKey = ed25519.getPublicKey(secret);
  const signature = ed25519.sign(message, secret);
  const draw = chance(10, number);
  if (draw[0] & 1) {
    const s = BigInt(`0x${bytesToHex(signature.slice(32).toReversed())}`);
    const moved = s + ORDER * BigInt(draw[1] % 15);
    return {
      publicKey,
      message,
      signature: concatBytes(signature.slice(0, 32), littleEndian(moved)),
    };
  }
  const whole = concatBytes(publicKey, signature);
  if (draw[0] & 2) whole[draw[1] % 96] ^= 1 << (draw[2] & 7);
  return { publicKey: whole.slice(0, 32), message, signature: whole.slice(32) };
}

describe("ways to verify Ed25519", () => {
  const makers = { torsion: torsionCase, small: smallCase, changed: changedCase };
  for (const [name, make] of Object.entries(makers)) {
    it(`give equal verdicts on ${CASES} cases of ${name}`, { timeout: 600_000 }, () => {
      let accepted = 0;
      for (let number = 0; number < CASES; number += 1) {
        const { publicKey, message, signature } = make(number);
        const verdict = ed25519Verify(publicKey, message, signature);
        const note = `${name} ${number}`;
        expect(nativeEd25519Verify(publicKey, message, signature), note).toBe(verdict);
        if (verdict) accepted += 1;
      }
      if (FULL) console.log(`${name}: ${CASES} cases, ${accepted} accepted`);
      expect(accepted).toBeGreaterThan(0);
      expect(accepted).toBeLessThan(CASES);
    });
  }

  it("would be told apart by these cases where one used the cofactor", () => {
    let differ = 0;
    for (let number = 0; number < 100; number += 1) {
      const { publicKey, message, signature } = torsionCase(number);
      const lenient = ed25519.verify(signature, message, publicKey, { zip215: true });
      if (lenient !== ed25519Verify(publicKey, message, signature)) differ += 1;
    }
    expect(differ).toBeGreaterThan(20);
  });
});
