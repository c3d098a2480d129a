/**
 * Decides how bytes are hidden under a key: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03). Its
 * nonce is long enough to be drawn at random; the same key and nonce never serve twice.
 * A ciphertext does not say which key made it: two keys can be made to open one ciphertext, so
 * nothing agreed upon may rest on "it opened".
 */

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";

/** Bytes of a key. */
export const CIPHER_KEY_BYTES = 32;
/** Bytes of a nonce. */
export const CIPHER_NONCE_BYTES = 24;
/** Bytes by which a ciphertext is longer than its plaintext. */
export const CIPHER_TAG_BYTES = 16;

/**
 * Ciphertext ‖ tag.
 * @param associatedData  not hidden; opening needs the same bytes
 */
export function encryptWithKey(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  associatedData: Uint8Array,
): Uint8Array {
  checkSizes(key, nonce);
  return xchacha20poly1305(key, nonce, associatedData).encrypt(plaintext);
}

/**
 * The plaintext of ciphertext ‖ tag; never a byte of it unless the tag holds.
 * @rejects CRYPTO_DECRYPT
 */
export function decryptWithKey(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  associatedData: Uint8Array,
): Outcome<Uint8Array> {
  checkSizes(key, nonce);
  if (ciphertext.length < CIPHER_TAG_BYTES) {
    return reject("CRYPTO_DECRYPT", { bytes: ciphertext.length });
  }
  try {
    return accept(xchacha20poly1305(key, nonce, associatedData).decrypt(ciphertext));
  } catch {
    // Noble tells a wrong tag by throwing.
    return reject("CRYPTO_DECRYPT", { bytes: ciphertext.length });
  }
}

function checkSizes(key: Uint8Array, nonce: Uint8Array): void {
  invariant(key.length === CIPHER_KEY_BYTES, "a cipher key has 32 bytes");
  invariant(nonce.length === CIPHER_NONCE_BYTES, "a nonce has 24 bytes");
}
