/**
 * Decides how content is kept from all but its readers (ARCHITECTURE.md section 17, kinds 21 to
 * 24): under a key of its subject, which is wrapped to each reader's encryption key. Who may read
 * is on the ledger; what they read is not.
 */

import { concatBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import {
  CIPHER_KEY_BYTES,
  decryptWithKey,
  encryptWithKey,
  hkdfSha256,
  openSealed,
  sealTo,
  x25519PublicKey,
} from "../crypto/index.ts";

/** A subject's name on the ledger and the key it is under from that epoch on. */
export interface SubjectEpoch {
  /** 32 random bytes: the name says nothing of the subject. */
  readonly subject: Uint8Array;
  readonly keyEpoch: number;
}

/** An account's X25519 key pair; the public one goes on the ledger. */
export interface EncryptionKey {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const KEY_TAG = text("vivian/wallet/encryption-key/1");
const GRANT_TAG = text("vivian/private/grant/1");
const CONTENT_TAG = text("vivian/private/content/1");

/**
 * An account's encryption key, made from its signing key: whoever has the recovery phrase can read
 * what was sealed to the account, and no second key has to be kept.
 */
export function encryptionKeyOf(accountSecret: Uint8Array): EncryptionKey {
  const input = { secret: accountSecret, salt: new Uint8Array(), info: KEY_TAG };
  const secret = hkdfSha256(input, CIPHER_KEY_BYTES);
  return { secret, publicKey: x25519PublicKey(secret) };
}

/**
 * Wraps a subject's key to a reader.
 * @param randomness  32 fresh bytes
 * @rejects CRYPTO_ENCRYPTION_KEY
 */
export function wrapSubjectKey(
  at: SubjectEpoch,
  key: Uint8Array,
  reader: { readonly address: Uint8Array; readonly encryptionKey: Uint8Array },
  randomness: Uint8Array,
): Outcome<Uint8Array> {
  invariant(key.length === CIPHER_KEY_BYTES, "a subject's key has 32 bytes");
  return sealTo(reader.encryptionKey, key, randomness, grantContext(at, reader.address));
}

/** The subject's key out of a grant. @rejects CRYPTO_SEALED_FORM, CRYPTO_DECRYPT */
export function unwrapSubjectKey(
  at: SubjectEpoch,
  wrapped: Uint8Array,
  reader: { readonly address: Uint8Array; readonly secret: Uint8Array },
): Outcome<Uint8Array> {
  return openSealed(reader.secret, wrapped, grantContext(at, reader.address));
}

/**
 * Hides content; whoever has the subject's key of that epoch can read it.
 * @param nonce  24 fresh bytes
 */
export function sealContent(
  at: SubjectEpoch,
  key: Uint8Array,
  nonce: Uint8Array,
  content: { readonly owner: Uint8Array; readonly plaintext: Uint8Array },
): Uint8Array {
  return encryptWithKey(key, nonce, content.plaintext, contentContext(at, content.owner));
}

/** @rejects CRYPTO_DECRYPT for another key, subject, epoch or owner, or changed bytes */
export function openContent(
  at: SubjectEpoch,
  key: Uint8Array,
  nonce: Uint8Array,
  content: { readonly owner: Uint8Array; readonly ciphertext: Uint8Array },
): Outcome<Uint8Array> {
  return decryptWithKey(key, nonce, content.ciphertext, contentContext(at, content.owner));
}

/** A grant is for one reader; another cannot pass it on as its own. */
function grantContext(at: SubjectEpoch, reader: Uint8Array): Uint8Array {
  return concatBytes(GRANT_TAG, at.subject, epochBytes(at.keyEpoch), reader);
}

/** Content is of one owner and subject; a copy of it elsewhere does not open. */
function contentContext(at: SubjectEpoch, owner: Uint8Array): Uint8Array {
  return concatBytes(CONTENT_TAG, at.subject, epochBytes(at.keyEpoch), owner);
}

function epochBytes(keyEpoch: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, keyEpoch, true);
  return bytes;
}
