/**
 * Decides the bytes of a slot: record ‖ 65-byte signature. The vector's leaves are over these, so
 * a proof shows the signature too.
 */

import { decode, encode } from "../../codec/index.ts";
import { bytesEqual, concatBytes } from "../../contract/bytes.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { taggedHash } from "../../crypto/index.ts";
import type { Hasher, SignatureBackend } from "../../crypto/index.ts";
import { SIGNATURE_BYTES, STORED_RECORD_BYTES_MAX } from "../limits.ts";
import { TAGS } from "../tags.ts";
import { recordCodec } from "./payloads.ts";
import type { CommitRecord, LedgerRecord } from "./payloads.ts";
import { recordDigest } from "./typed-digest.ts";
import type { RecordContext } from "./typed-digest.ts";

/** A record and its signature, read from a slot but not checked. */
export interface StoredRecord {
  readonly record: LedgerRecord;
  readonly signature: Uint8Array;
}

/** A record of an account whose signer is not known yet. */
export interface ReadRecord extends StoredRecord {
  readonly stored: Uint8Array;
  /** EIP-712 digest, without signature. */
  readonly id: Uint8Array;
}

/** A record whose signature was recovered. */
export interface SignedRecord extends ReadRecord {
  /** Address of the key that signed; admission compares it with the account. */
  readonly signer: Uint8Array;
}

/** Signs a 32-byte digest with an account's key, as `SignatureBackend.sign` with its secret. */
export type SignDigest = (digest: Uint8Array) => Uint8Array;

/** The bytes of a slot. */
export function storedBytes(record: LedgerRecord, signature: Uint8Array): Uint8Array {
  invariant(signature.length === SIGNATURE_BYTES, "a signature has 65 bytes");
  return concatBytes(encode(recordCodec, record), signature);
}

/**
 * Reads the bytes of a slot without checking the signature.
 * @rejects LEDGER_RECORD_SIZE, CODEC_*
 */
export function decodeStored(stored: Uint8Array): Outcome<StoredRecord> {
  if (stored.length <= SIGNATURE_BYTES || stored.length > STORED_RECORD_BYTES_MAX) {
    return reject("LEDGER_RECORD_SIZE", { bytes: stored.length, max: STORED_RECORD_BYTES_MAX });
  }
  const split = stored.length - SIGNATURE_BYTES;
  const record = decode(recordCodec, stored.subarray(0, split));
  if (!record.ok) return record;
  return accept({ record: record.value, signature: stored.slice(split) });
}

/** Id of a record: its EIP-712 digest. A commit record has its commit digest instead. */
export function recordId(record: LedgerRecord, context: RecordContext): Uint8Array {
  if (record.payload.kind === "commit") {
    return commitDigest(record as CommitRecord, context.hasher);
  }
  return recordDigest(record, context);
}

/** Signs a record of an account; answers the bytes of a slot. */
export function signRecord(
  record: LedgerRecord,
  context: RecordContext,
  sign: SignDigest,
): Uint8Array {
  invariant(record.payload.kind !== "commit", "an account does not sign a commit record");
  return storedBytes(record, sign(recordDigest(record, context)));
}

/**
 * Reads a record of an account; who signed `id` is asked elsewhere.
 * @rejects LEDGER_RECORD_SIZE, CODEC_*, LEDGER_COMMIT_MISPLACED
 */
export function readRecord(stored: Uint8Array, context: RecordContext): Outcome<ReadRecord> {
  const read = decodeStored(stored);
  if (!read.ok) return read;
  const { record, signature } = read.value;
  if (record.payload.kind === "commit") return reject("LEDGER_COMMIT_MISPLACED");
  return accept({ record, signature, stored, id: recordDigest(record, context) });
}

/** The record with who signed it. @rejects LEDGER_SIGNATURE where that is nobody */
export function signedBy(read: ReadRecord, signer: Uint8Array | undefined): Outcome<SignedRecord> {
  return signer === undefined ? reject("LEDGER_SIGNATURE") : accept({ ...read, signer });
}

/**
 * Reads and recovers a record of an account.
 * @cost    one secp256k1 recovery
 * @rejects LEDGER_RECORD_SIZE, CODEC_*, LEDGER_COMMIT_MISPLACED, LEDGER_SIGNATURE
 */
export function recoverRecord(
  stored: Uint8Array,
  context: RecordContext,
  signatures: Pick<SignatureBackend, "recover">,
): Outcome<SignedRecord> {
  const read = readRecord(stored, context);
  if (!read.ok) return read;
  return signedBy(read.value, signatures.recover(read.value.id, read.value.signature));
}

/** Digest of a commit record without its signature; statements and the proposer sign it. */
export function commitDigest(record: CommitRecord, hasher: Hasher): Uint8Array {
  return taggedHash(hasher, TAGS.commit, encode(recordCodec, record));
}

/** Puts the proposer's 64-byte Ed25519 signature over `commitDigest` under a commit record. */
export function storedCommit(record: CommitRecord, signature: Uint8Array): Uint8Array {
  invariant(signature.length === 64, "an Ed25519 signature has 64 bytes");
  return storedBytes(record, concatBytes(signature, Uint8Array.of(0)));
}

/** A commit record and its proposer's signature, not checked. */
export interface StoredCommit {
  readonly record: CommitRecord;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Reads the first slot of a commit without checking it.
 * @rejects LEDGER_RECORD_SIZE, CODEC_*, LEDGER_COMMIT_MISPLACED, LEDGER_SIGNATURE
 */
export function decodeStoredCommit(stored: Uint8Array, hasher: Hasher): Outcome<StoredCommit> {
  const read = decodeStored(stored);
  if (!read.ok) return read;
  const { record, signature } = read.value;
  if (record.payload.kind !== "commit") return reject("LEDGER_COMMIT_MISPLACED");
  if (!bytesEqual(signature.subarray(64), Uint8Array.of(0))) return reject("LEDGER_SIGNATURE");
  const commit = record as CommitRecord;
  return accept({
    record: commit,
    digest: commitDigest(commit, hasher),
    signature: signature.slice(0, 64),
  });
}
