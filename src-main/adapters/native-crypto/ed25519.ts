/**
 * Decides how votes and certificates are checked faster: OpenSSL through Node, some eight times as
 * fast as the definition in the crypto room. OpenSSL computes the same equation (no cofactor, the
 * hash reduced modulo L, R compared byte for byte); what it takes or refuses beyond that is settled
 * before it is asked: S ≥ L and keys of small order or not canonical are refused here, and an R of
 * small order, which Node refuses and the definition does not, is left to the definition.
 */

import { createPublicKey, verify } from "node:crypto";
import { bytesEqual, compareBytes, concatBytes, hexToBytes } from "../../contract/index.ts";
import { ED25519_KEY_BYTES, ED25519_SIGNATURE_BYTES, ed25519Verify } from "../../crypto/index.ts";
import { ED25519_QUESTIONS } from "./ed25519-questions.ts";

/** Whether a signature counts; `ed25519Verify` of the crypto room is the definition. */
export type Ed25519Verify = typeof ed25519Verify;

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410). */
const SPKI_FRONT = hexToBytes("302a300506032b6570032100");

/** The group order L and the field's prime p, big-endian. */
const ORDER = hexToBytes("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
const PRIME = hexToBytes(`7f${"ff".repeat(30)}ed`);

/** y of the eight points of small order: of order 2, 1, 4, and twice two of order 8. */
const SMALL_ORDER: readonly Uint8Array[] = [
  `7f${"ff".repeat(30)}ec`,
  `${"00".repeat(31)}01`,
  "00".repeat(32),
  "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
  "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
].map(hexToBytes);

/** How a library verifies, once its arguments have their sizes; may throw. */
export type LibraryVerify = Ed25519Verify;

const opensslVerify: LibraryVerify = (publicKey, message, signature) => {
  const spki = Buffer.from(concatBytes(SPKI_FRONT, publicKey));
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  return verify(null, message, key, signature);
};

/** The strict rule with a library's arithmetic. Never throws. */
export function strictVerifyOver(library: LibraryVerify): Ed25519Verify {
  return (publicKey, message, signature) => {
    if (publicKey.length !== ED25519_KEY_BYTES) return false;
    if (signature.length !== ED25519_SIGNATURE_BYTES) return false;
    if (compareBytes(signature.subarray(32).toReversed(), ORDER) >= 0) return false;
    if (isSpecial(publicKey)) return false;
    if (isSpecial(signature.subarray(0, 32))) return ed25519Verify(publicKey, message, signature);
    try {
      return library(publicKey, message, signature);
    } catch {
      return ed25519Verify(publicKey, message, signature);
    }
  };
}

/** Whether the encoding is not canonical or that of a point of small order, of either sign. */
function isSpecial(encoded: Uint8Array): boolean {
  const y = encoded.toReversed();
  y[0] &= 0x7f;
  return compareBytes(y, PRIME) >= 0 || SMALL_ORDER.some((small) => bytesEqual(y, small));
}

/**
 * OpenSSL's way where it answers every question right, else the definition.
 * @param library  another one in tests
 */
export function chooseEd25519(library: LibraryVerify = opensslVerify): Ed25519Verify {
  const fast = strictVerifyOver(library);
  const right = ED25519_QUESTIONS.every(
    ({ publicKey, message, signature, counts }) => fast(publicKey, message, signature) === counts,
  );
  return right ? fast : ed25519Verify;
}

/** Chosen when it is first needed. */
let chosen: Ed25519Verify | undefined;

/** Verifies as this machine does it fastest. */
export const nativeEd25519Verify: Ed25519Verify = (publicKey, message, signature) =>
  (chosen ??= chooseEd25519())(publicKey, message, signature);
