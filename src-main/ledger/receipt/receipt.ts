/**
 * Decides what shows somebody without a node that a record stands in its slot and what became of
 * it: both proofs and one certificate (ARCHITECTURE.md section 14, last paragraph). Nothing says
 * "paid" without both.
 */

import { decode, fixedBytes, list, struct, u64, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { leafHash, verifyInclusion } from "../../crypto/index.ts";
import type { Hasher, ReadSubtree } from "../../crypto/index.ts";
import { certificateCodec, verifyCertificate } from "../certificate/certificate.ts";
import type { Certificate, CertificateScheme } from "../certificate/certificate.ts";
import { genesisHash } from "../genesis/genesis.ts";
import type { Genesis } from "../genesis/genesis.ts";
import { OUTCOME_BYTES_MAX, STORED_RECORD_BYTES_MAX, VECTOR_PROOF_MAX } from "../limits.ts";
import { recordOutcomeCodec } from "../outcomes/outcome.ts";
import type { RecordOutcome } from "../outcomes/outcome.ts";
import type { LedgerRecord } from "../records/payloads.ts";
import { decodeStored, decodeStoredCommit, recordId } from "../records/stored-record.ts";
import { recordContext } from "../records/typed-digest.ts";
import type { RecordContext } from "../records/typed-digest.ts";
import { vectorInclusionProof } from "../vector/proofs.ts";

const proof = list(fixedBytes(32), VECTOR_PROOF_MAX);

/**
 * Bytes of a receipt. `commit` is the commit record of a later commit than the slot's; it names
 * the outcome root that covers the slot, and the certificate signs the vector that holds both.
 */
export const receiptCodec = struct({
  slot: u64,
  stored: varBytes(STORED_RECORD_BYTES_MAX),
  recordProof: proof,
  outcome: varBytes(OUTCOME_BYTES_MAX),
  outcomeProof: proof,
  commit: varBytes(STORED_RECORD_BYTES_MAX),
  commitProof: proof,
  certificate: certificateCodec,
});

/** A receipt; worth nothing until `verifyReceipt` accepts it. */
export type Receipt = ValueOf<typeof receiptCodec>;

/** What a receipt is made from: two reads of the vector, one of the outcomes, and proofs. */
export interface ReceiptParts {
  readonly slot: bigint;
  readonly stored: Uint8Array;
  readonly outcome: Uint8Array;
  /** First slot of a later commit whose certificate is at hand. */
  readonly commitSlot: bigint;
  readonly commit: Uint8Array;
  readonly certificate: Certificate;
  /** Hashes of complete subtrees of the vector and of the outcome tree. */
  readonly readVector: ReadSubtree;
  readonly readOutcomes: ReadSubtree;
}

/** Whether a commit with this first slot names the outcome of the slot. */
export function commitCovers(commitSlot: bigint, slot: bigint): boolean {
  return slot < commitSlot;
}

/** Builds a receipt; `commitCovers` holds and the certificate is of that commit. */
export function buildReceipt(hasher: Hasher, parts: ReceiptParts): Receipt {
  invariant(commitCovers(parts.commitSlot, parts.slot), "a later commit names the outcome");
  const slot = Number(parts.slot);
  const commitSlot = Number(parts.commitSlot);
  const size = Number(parts.certificate.statement.vectorSize);
  return {
    slot: parts.slot,
    stored: parts.stored,
    recordProof: vectorInclusionProof(hasher, slot, size, parts.readVector),
    outcome: parts.outcome,
    outcomeProof: vectorInclusionProof(hasher, slot, commitSlot, parts.readOutcomes),
    commit: parts.commit,
    commitProof: vectorInclusionProof(hasher, commitSlot, size, parts.readVector),
    certificate: parts.certificate,
  };
}

/** What a verifier of receipts holds: the network's genesis, and nothing else. */
export interface ReceiptContext {
  readonly hasher: Hasher;
  readonly genesis: Genesis;
  readonly scheme: CertificateScheme;
}

/** What an accepted receipt shows. */
export interface ReceiptFacts {
  readonly slot: bigint;
  readonly record: LedgerRecord;
  readonly id: Uint8Array;
  readonly outcome: RecordOutcome;
  /** Commit time of the commit that names the outcome; the record is older. */
  readonly namedTime: bigint;
}

/**
 * Checks a receipt offline; never throws on a decoded one.
 * @rejects LEDGER_CERTIFICATE_*, LEDGER_RECEIPT_STATEMENT, LEDGER_RECEIPT_COMMIT,
 *          LEDGER_RECEIPT_EARLY, LEDGER_RECEIPT_RECORD, LEDGER_RECEIPT_OUTCOME, CODEC_*
 */
export function verifyReceipt(receipt: Receipt, context: ReceiptContext): Outcome<ReceiptFacts> {
  const { hasher, genesis, scheme } = context;
  const hash = genesisHash(hasher, genesis);
  const { validators } = genesis;
  const certified = verifyCertificate(receipt.certificate, {
    genesisHash: hash,
    validators,
    scheme,
  });
  if (!certified.ok) return certified;
  const { kind, commitDigest, vectorSize, vectorRoot } = certified.value;
  // Notarized is not final: only a finalize says that no other history can be.
  if (kind !== "finalize") return reject("LEDGER_RECEIPT_STATEMENT", { kind });
  const commit = decodeStoredCommit(receipt.commit, hasher);
  if (!commit.ok) return commit;
  const { firstSlot, outcomeRoot, recordCount, time } = commit.value.record.payload;
  const stands = (slot: bigint, stored: Uint8Array, proof: readonly Uint8Array[]): boolean =>
    verifyInclusion(hasher, vectorRoot, {
      leafHash: leafHash(hasher, stored),
      index: Number(slot),
      size: Number(vectorSize),
      proof,
    });
  const own = bytesEqual(commit.value.digest, commitDigest);
  const ends = firstSlot + 1n + BigInt(recordCount) === vectorSize;
  if (!own || !ends || !stands(firstSlot, receipt.commit, receipt.commitProof)) {
    return reject("LEDGER_RECEIPT_COMMIT");
  }
  if (!commitCovers(firstSlot, receipt.slot)) return reject("LEDGER_RECEIPT_EARLY");
  if (!stands(receipt.slot, receipt.stored, receipt.recordProof)) {
    return reject("LEDGER_RECEIPT_RECORD");
  }
  const named = verifyInclusion(hasher, outcomeRoot, {
    leafHash: leafHash(hasher, receipt.outcome),
    index: Number(receipt.slot),
    size: Number(firstSlot),
    proof: receipt.outcomeProof,
  });
  if (!named) return reject("LEDGER_RECEIPT_OUTCOME");
  return factsOf(receipt, time, recordContext(hasher, hash));
}

function factsOf(
  receipt: Receipt,
  namedTime: bigint,
  context: RecordContext,
): Outcome<ReceiptFacts> {
  const stored = decodeStored(receipt.stored);
  if (!stored.ok) return stored;
  const outcome = decode(recordOutcomeCodec, receipt.outcome);
  if (!outcome.ok) return outcome;
  const { record } = stored.value;
  const id = recordId(record, context);
  return accept({ slot: receipt.slot, record, id, outcome: outcome.value, namedTime });
}
