/**
 * Decides which Ed25519 signatures count, for votes and everything a validator signs. Libraries
 * disagree on edge cases, and validators that disagree fork; so the rule is written out here and no
 * library's `verify` is called: S < L; A canonical and not of small order;
 * encode(S·B − k·A) equals R byte for byte, where k is SHA-512(R ‖ A ‖ M) reduced modulo L
 * (RFC 8032 section 5.1.7 without the cofactor; the reduction matters when A has a torsion part).
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesEqual, concatBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import { isSecretKey } from "./secret-keys.ts";

/** Bytes of a public key, and of R and S each. */
export const ED25519_KEY_BYTES = 32;
/** Bytes of a signature, R ‖ S. */
export const ED25519_SIGNATURE_BYTES = 64;

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;

/** A point of the curve edwards25519. */
export type EdwardsPoint = InstanceType<typeof Point>;

/** The point of a canonical encoding (y < p, no sign on x = 0); undefined for any other bytes. */
export function decodePoint(bytes: Uint8Array): EdwardsPoint | undefined {
  if (bytes.length !== ED25519_KEY_BYTES) return undefined;
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    // Noble tells "not a point" by throwing.
    return undefined;
  }
}

/** The point of a public key; undefined unless it is canonical and not of small order. */
export function decodePublicKey(publicKey: Uint8Array): EdwardsPoint | undefined {
  const point = decodePoint(publicKey);
  return point === undefined || point.isSmallOrder() ? undefined : point;
}

/** Whether the bytes may be registered as a public key: canonical, not of small order. */
export function isEd25519PublicKey(publicKey: Uint8Array): boolean {
  return decodePublicKey(publicKey) !== undefined;
}

/** A little-endian integer; undefined unless it is below the group order L. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  const scalar = bytesToNumberLE(bytes);
  return scalar < ORDER ? scalar : undefined;
}

/** SHA-512 of the parts as a little-endian integer modulo the group order L. */
export function hashToScalar(...parts: readonly Uint8Array[]): bigint {
  return bytesToNumberLE(sha512(concatBytes(...parts))) % ORDER;
}

/** The public key of a checked secret key (RFC 8032 section 5.1.5). */
export function ed25519PublicKey(secret: Uint8Array): Uint8Array {
  invariant(isSecretKey("ed25519", secret), "the secret key was checked");
  return ed25519.getPublicKey(secret);
}

/** Signs with a checked secret key; deterministic (RFC 8032 section 5.1.6). */
export function ed25519Sign(secret: Uint8Array, message: Uint8Array): Uint8Array {
  invariant(isSecretKey("ed25519", secret), "the secret key was checked");
  return ed25519.sign(message, secret);
}

/** Whether the signature counts under the rule at the top of this file. Never throws. */
export function ed25519Verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== ED25519_SIGNATURE_BYTES) return false;
  const encodedR = signature.subarray(0, 32);
  const s = decodeScalar(signature.subarray(32));
  const key = decodePublicKey(publicKey);
  if (s === undefined || key === undefined) return false;
  const k = hashToScalar(encodedR, publicKey, message);
  const reached = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k));
  return bytesEqual(reached.toBytes(), encodedR);
}
