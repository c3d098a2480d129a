/**
 * Decides how two keys agree on a secret: X25519 (RFC 7748). Which public keys may be registered is
 * stricter than the RFC: only one form of each, and none of small order, whose secret would be
 * zero whatever the other side chose.
 */

import { x25519 } from "@noble/curves/ed25519.js";
import { compareBytes, hexToBytes } from "../contract/bytes.ts";
import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { isSecretKey } from "./secret-keys.ts";

/** Bytes of a public key: the u coordinate, little-endian. */
export const X25519_KEY_BYTES = 32;

/** The field's prime p = 2^255 - 19, big-endian. */
const PRIME = hexToBytes(`7f${"ff".repeat(30)}ed`);

/** Canonical u of the points of order 1, 2, 4 and 8, on the curve and its twist; big-endian. */
const SMALL_ORDER: readonly Uint8Array[] = [
  "00".repeat(32),
  `${"00".repeat(31)}01`,
  "00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0",
  "57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f",
  `7f${"ff".repeat(30)}ec`,
].map(hexToBytes);

/** Whether the bytes may be registered as a key to seal to: canonical, not of small order. */
export function isX25519PublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== X25519_KEY_BYTES) return false;
  const u = publicKey.toReversed();
  if (compareBytes(u, PRIME) >= 0) return false;
  return SMALL_ORDER.every((small) => compareBytes(u, small) !== 0);
}

/** The public key of a checked secret key. */
export function x25519PublicKey(secret: Uint8Array): Uint8Array {
  invariant(isSecretKey("x25519", secret), "the secret key was checked");
  return x25519.getPublicKey(secret);
}

/**
 * The 32 bytes that both sides reach; never a key itself, only the input of one.
 * Takes every form of a public key that RFC 7748 takes; whoever cares asks `isX25519PublicKey`.
 * @rejects CRYPTO_SHARED_SECRET where the secret would be all zeros, or the size is wrong
 */
export function x25519SharedSecret(secret: Uint8Array, publicKey: Uint8Array): Outcome<Uint8Array> {
  invariant(isSecretKey("x25519", secret), "the secret key was checked");
  if (publicKey.length !== X25519_KEY_BYTES) {
    return reject("CRYPTO_SHARED_SECRET", { bytes: publicKey.length });
  }
  try {
    return accept(x25519.getSharedSecret(secret, publicKey));
  } catch {
    // Noble tells a point of small order by throwing.
    return reject("CRYPTO_SHARED_SECRET");
  }
}
