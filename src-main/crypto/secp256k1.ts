/**
 * Decides which account signatures count: ECDSA on secp256k1 as r ‖ s ‖ v, 65 bytes, v 27 or 28,
 * low s; anything else recovers nobody. A digest and a key have one valid signature per nonce,
 * and nobody in between can turn it into another. A native backend may stand in only where it
 * agrees with this one on every input (ARCHITECTURE.md section 6, "Records").
 */

import { bytesToNumberBE } from "@noble/curves/utils.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { invariant } from "../contract/outcome.ts";
import { addressOfPublicKey } from "./address.ts";
import { DIGEST_BYTES } from "./hasher.ts";
import { isSecretKey } from "./secret-keys.ts";

/** Bytes of a signature: r, s, v. */
export const SIGNATURE_BYTES = 65;

/** v of an even y, as Ethereum wallets write it; 28 is odd. */
const V_EVEN = 27;

const ORDER = secp256k1.Point.Fn.ORDER;
/** The largest s that counts, (n - 1) / 2 (EIP-2). */
const S_MAX = ORDER / 2n;

/** Signing and recovery; noble's is the definition. */
export interface SignatureBackend {
  /** The signer's address; undefined when the signature is not canonical or recovers nobody. */
  recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined;
  /** r ‖ s ‖ v with the deterministic nonce of RFC 6979; the secret has been checked. */
  sign(digest: Uint8Array, secret: Uint8Array): Uint8Array;
}

/** The definition, in plain JavaScript. */
export const nobleSignatures: SignatureBackend = { recover, sign };

function recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  invariant(digest.length === DIGEST_BYTES, "a digest has 32 bytes");
  if (signature.length !== SIGNATURE_BYTES) return undefined;
  const parity = signature[64] - V_EVEN;
  if (parity !== 0 && parity !== 1) return undefined;
  const r = bytesToNumberBE(signature.subarray(0, 32));
  const s = bytesToNumberBE(signature.subarray(32, 64));
  if (r === 0n || r >= ORDER || s === 0n || s > S_MAX) return undefined;
  try {
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
