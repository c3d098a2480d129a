/**
 * Decides how bytes are sealed to the holder of one X25519 key: a key pair for this message alone,
 * HKDF over what it and the recipient's key agree on, XChaCha20-Poly1305. Nobody signs it: who may
 * have sealed is told by the record that carries it.
 *
 * Sealed bytes = ephemeral public key (32) ‖ ciphertext ‖ tag (16).
 * Key and nonce = HKDF-SHA256(secret, no salt, tag ‖ ephemeral key ‖ recipient key ‖ context).
 */

import { concatBytes } from "../contract/bytes.ts";
import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { sha256, taggedHash } from "./hasher.ts";
import { hkdfSha256 } from "./hkdf.ts";
import {
  isX25519PublicKey,
  X25519_KEY_BYTES,
  x25519PublicKey,
  x25519SharedSecret,
} from "./x25519.ts";
import {
  CIPHER_KEY_BYTES,
  CIPHER_NONCE_BYTES,
  CIPHER_TAG_BYTES,
  decryptWithKey,
  encryptWithKey,
} from "./xchacha20-poly1305.ts";

/** Bytes by which sealed bytes are longer than what they hide. */
export const SEALED_EXTRA_BYTES = X25519_KEY_BYTES + CIPHER_TAG_BYTES;
/** Bytes of chance that sealing takes. */
export const SEAL_RANDOM_BYTES = 32;

const KEY_TAG = new TextEncoder().encode("vivian/sealed-box/key/1");
const EPHEMERAL_TAG = "vivian/sealed-box/ephemeral/1";
const NOTHING = new Uint8Array(0);

/**
 * Seals to the holder of a key.
 * The ephemeral secret is a hash of the chance *and* of what is sealed, so that chance that repeats
 * shows at most that the same bytes were sealed to the same key again.
 * @param randomness  32 fresh bytes
 * @param context     what it is for and belongs to; opening needs the same bytes
 * @rejects CRYPTO_ENCRYPTION_KEY
 */
export function sealTo(
  recipientPublicKey: Uint8Array,
  plaintext: Uint8Array,
  randomness: Uint8Array,
  context: Uint8Array,
): Outcome<Uint8Array> {
  invariant(randomness.length === SEAL_RANDOM_BYTES, "sealing takes 32 bytes of chance");
  if (!isX25519PublicKey(recipientPublicKey)) {
    return reject("CRYPTO_ENCRYPTION_KEY", { bytes: recipientPublicKey.length });
  }
  const secret = taggedHash(
    sha256,
    EPHEMERAL_TAG,
    randomness,
    recipientPublicKey,
    sha256(context),
    plaintext,
  );
  const ephemeral = x25519PublicKey(secret);
  const shared = x25519SharedSecret(secret, recipientPublicKey);
  if (!shared.ok) return shared;
  const { key, nonce } = keysOf(shared.value, ephemeral, recipientPublicKey, context);
  return accept(concatBytes(ephemeral, encryptWithKey(key, nonce, plaintext, NOTHING)));
}

/**
 * Opens sealed bytes with a checked secret key.
 * @rejects CRYPTO_SEALED_FORM when they are no sealed bytes, CRYPTO_DECRYPT when they are not for
 *          this key and context or were changed
 */
export function openSealed(
  secret: Uint8Array,
  sealed: Uint8Array,
  context: Uint8Array,
): Outcome<Uint8Array> {
  const recipient = x25519PublicKey(secret);
  const ephemeral = sealed.slice(0, X25519_KEY_BYTES);
  if (sealed.length < SEALED_EXTRA_BYTES || !isX25519PublicKey(ephemeral)) {
    return reject("CRYPTO_SEALED_FORM", { bytes: sealed.length });
  }
  const shared = x25519SharedSecret(secret, ephemeral);
  if (!shared.ok) return shared;
  const { key, nonce } = keysOf(shared.value, ephemeral, recipient, context);
  return decryptWithKey(key, nonce, sealed.subarray(X25519_KEY_BYTES), NOTHING);
}

function keysOf(
  secret: Uint8Array,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
  context: Uint8Array,
): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const info = concatBytes(KEY_TAG, ephemeral, recipient, context);
  const bytes = hkdfSha256({ secret, salt: NOTHING, info }, CIPHER_KEY_BYTES + CIPHER_NONCE_BYTES);
  return { key: bytes.slice(0, CIPHER_KEY_BYTES), nonce: bytes.slice(CIPHER_KEY_BYTES) };
}
