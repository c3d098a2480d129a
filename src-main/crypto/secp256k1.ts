/**
 * Decides which account signatures count: ECDSA on secp256k1 as r ‖ s ‖ v, 65 bytes, v 27 or 28,
 * low s; anything else recovers nobody. A digest and a key have one valid signature per nonce,
 * and nobody in between can turn it into another. A native backend may stand in only where it
 * agrees with this one on every input (ARCHITECTURE.md section 6, "Records").
 */

import { bytesToNumberBE, numberToBytesBE } from "@noble/curves/utils.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { compareBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import { addressOfPublicKey } from "./address.ts";
import { DIGEST_BYTES } from "./hasher.ts";
import { isSecretKey } from "./secret-keys.ts";

/** Bytes of a signature: r, s, v. */
export const SIGNATURE_BYTES = 65;

/** v of an even y, as Ethereum wallets write it; 28 is odd. */
export const V_EVEN = 27;

const WORD_BYTES = 32;
const ZERO = new Uint8Array(WORD_BYTES);
const ORDER = numberToBytesBE(secp256k1.Point.Fn.ORDER, WORD_BYTES);
/** The largest s that counts, (n - 1) / 2 (EIP-2). */
const S_MAX = numberToBytesBE(secp256k1.Point.Fn.ORDER / 2n, WORD_BYTES);

/** Signing and recovery; noble's is the definition. */
export interface SignatureBackend {
  /** The signer's address; undefined when the signature is not canonical or recovers nobody. */
  recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined;
  /** r ‖ s ‖ v with the deterministic nonce of RFC 6979; the secret has been checked. */
  sign(digest: Uint8Array, secret: Uint8Array): Uint8Array;
}

/** The definition, in plain JavaScript. */
export const nobleSignatures: SignatureBackend = { recover, sign };

/**
 * Whether the bytes have the one form that counts: 65 of them, v 27 or 28, 1 ≤ r < n,
 * 1 ≤ s ≤ (n − 1) / 2. Every backend asks this first and leaves only the curve to its library.
 */
export function isCanonicalSignature(signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const parity = signature[64] - V_EVEN;
  if (parity !== 0 && parity !== 1) return false;
  const r = signature.subarray(0, WORD_BYTES);
  const s = signature.subarray(WORD_BYTES, 2 * WORD_BYTES);
  const inRange = compareBytes(r, ORDER) < 0 && compareBytes(s, S_MAX) <= 0;
  return inRange && compareBytes(r, ZERO) > 0 && compareBytes(s, ZERO) > 0;
}

/**
 * Whether the digest is below the group order n. Libraries reduce a larger one at different steps
 * of RFC 6979, so they recover alike but would sign differently; a hash is larger once in 2^128.
 */
export function isDigestBelowOrder(digest: Uint8Array): boolean {
  return compareBytes(digest, ORDER) < 0;
}

function recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  invariant(digest.length === DIGEST_BYTES, "a digest has 32 bytes");
  if (!isCanonicalSignature(signature)) return undefined;
  const r = bytesToNumberBE(signature.subarray(0, WORD_BYTES));
  const s = bytesToNumberBE(signature.subarray(WORD_BYTES, 2 * WORD_BYTES));
  try {
    const parity = signature[64] - V_EVEN;
    const point = new secp256k1.Signature(r, s, parity).recoverPublicKey(digest);
    return addressOfPublicKey(point.toBytes(false));
  } catch {
    // No point has this x, or the sum is the point at infinity.
    return undefined;
  }
}

function sign(digest: Uint8Array, secret: Uint8Array): Uint8Array {
  invariant(digest.length === DIGEST_BYTES, "a digest has 32 bytes");
  invariant(isSecretKey("secp256k1", secret), "the secret key was checked");
  const recovered = secp256k1.sign(digest, secret, {
    prehash: false,
    lowS: true,
    format: "recovered",
  });
  // r would have to exceed n before reduction: one nonce in 2^127.
  invariant(recovered[0] <= 1, "r is the x of its point");
  const signature = new Uint8Array(SIGNATURE_BYTES);
  signature.set(recovered.subarray(1));
  signature[64] = V_EVEN + recovered[0];
  return signature;
}

/** The address that a checked secret key controls. */
export function addressOfSecretKey(secret: Uint8Array): Uint8Array {
  invariant(isSecretKey("secp256k1", secret), "the secret key was checked");
  return addressOfPublicKey(secp256k1.getPublicKey(secret, false));
}
