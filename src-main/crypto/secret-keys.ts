/** Decides which bytes may serve as a secret key, before any curve code sees them. */

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";

/** Bytes of a secret key, on any curve. */
export const SECRET_KEY_BYTES = 32;

/**
 * What the key is for: accounts sign with secp256k1, votes and VRF proofs use Ed25519, what is
 * sealed to an account is opened with X25519.
 */
export type SecretKeyCurve = "secp256k1" | "ed25519" | "x25519";

/** Whether the bytes are a secret key: 32 of them, in 1..n-1 for secp256k1, not all zero. */
export function isSecretKey(curve: SecretKeyCurve, secret: Uint8Array): boolean {
  if (secret.length !== SECRET_KEY_BYTES) return false;
  // Ed25519 hashes its seed and X25519 clamps it, so any would do; all zeros is what an empty store
  // looks like.
  if (curve !== "secp256k1") return secret.some((byte) => byte !== 0);
  return secp256k1.utils.isValidSecretKey(secret);
}

/**
 * Accepts bytes from a file, a store or a person as a secret key.
 * @rejects CRYPTO_SECRET_KEY; the facts never hold the bytes
 */
export function checkSecretKey(curve: SecretKeyCurve, secret: Uint8Array): Outcome<Uint8Array> {
  if (isSecretKey(curve, secret)) return accept(secret);
  return reject("CRYPTO_SECRET_KEY", { curve, bytes: secret.length });
}
