/**
 * Decides which signatures of devices count: ECDSA on P-256 with SHA-256 (FIPS 186-5), as r ‖ s of
 * 64 bytes. Both values of s count: the signer is a device, nothing of ours is named by its bytes.
 */

import { p256 } from "@noble/curves/nist.js";

/** Bytes of r ‖ s. */
export const P256_SIGNATURE_BYTES = 64;

/** Whether the bytes are a point of the curve, as SEC1 writes it: 33 bytes, or 65 uncompressed. */
export function isP256PublicKey(bytes: Uint8Array): boolean {
  return p256.utils.isValidPublicKey(bytes);
}

/**
 * Whether the key's owner signed the message; false for whatever is no signature or no key.
 * @param message  is hashed here, by SHA-256
 */
export function verifyP256(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== P256_SIGNATURE_BYTES || !isP256PublicKey(publicKey)) return false;
  try {
    return p256.verify(signature, message, publicKey, { prehash: true, lowS: false });
  } catch {
    // r or s is zero or not below the group's order.
    return false;
  }
}
