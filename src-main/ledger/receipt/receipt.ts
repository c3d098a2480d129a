/**
 * Decides what shows somebody without a node that a record stands in its slot and what became of
 * it: both proofs and one certificate (ARCHITECTURE.md section 14, last paragraph). Nothing says
 * "paid" without both.
 */

import { fixedBytes, list, struct, u64, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { certificateCodec } from "../certificate/certificate.ts";
import { OUTCOME_BYTES_MAX, STORED_RECORD_BYTES_MAX, VECTOR_PROOF_MAX } from "../limits.ts";

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
