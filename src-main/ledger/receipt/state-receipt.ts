/**
 * Decides what shows somebody without a node what a row of the state was after a commit, or that
 * there was none: the row's path to the state root, the commit record of the next commit, which
 * names that root, its place in the vector, and one certificate.
 */

import { fixedBytes, list, optional, struct, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { leafHash, verifyInclusion } from "../../crypto/index.ts";
import { certificateCodec, verifyCertificate } from "../certificate/certificate.ts";
import { genesisHash } from "../genesis/genesis.ts";
import { STORED_RECORD_BYTES_MAX, VECTOR_PROOF_MAX } from "../limits.ts";
import { decodeStoredCommit } from "../records/stored-record.ts";
import { stateProofCodec, verifyStateProof } from "../state/map-proof.ts";
import type { ReceiptContext } from "./receipt.ts";

/** A row of the state; the agenda's is the longest, some 200 KiB. */
const ROW_BYTES_MAX = 4_194_304;

/** Bytes of a state receipt. */
export const stateReceiptCodec = struct({
  /** Key of the row in the state map (`stateKey`). */
  key: fixedBytes(32),
  /** The row's bytes; absent where there was no such row. */
  value: optional(varBytes(ROW_BYTES_MAX)),
  proof: stateProofCodec,
  /** Stored bytes of the commit record that names the root: commit k+1 for the state after k. */
  commit: varBytes(STORED_RECORD_BYTES_MAX),
  commitProof: list(fixedBytes(32), VECTOR_PROOF_MAX),
  certificate: certificateCodec,
});

/** A state receipt; worth nothing until `verifyStateReceipt` accepts it. */
export type StateReceipt = ValueOf<typeof stateReceiptCodec>;

/** What an accepted state receipt shows. */
export interface StateFacts {
  /** The commit after which the row was so. */
  readonly commit: bigint;
  readonly stateRoot: Uint8Array;
  /** Time of the commit that names the root; the state is older. */
  readonly namedTime: bigint;
}

/**
 * Checks a state receipt offline; never throws on a decoded one.
 * @rejects LEDGER_CERTIFICATE_*, LEDGER_RECEIPT_STATEMENT, LEDGER_RECEIPT_COMMIT,
 *          LEDGER_RECEIPT_STATE, CODEC_*
 */
export function verifyStateReceipt(
  receipt: StateReceipt,
  { hasher, genesis, scheme }: ReceiptContext,
): Outcome<StateFacts> {
  const context = { genesisHash: genesisHash(hasher, genesis), validators: genesis.validators };
  const certified = verifyCertificate(receipt.certificate, { ...context, scheme });
  if (!certified.ok) return certified;
  const { kind, vectorSize, vectorRoot } = certified.value;
  if (kind !== "finalize") return reject("LEDGER_RECEIPT_STATEMENT", { kind });
  const commit = decodeStoredCommit(receipt.commit, hasher);
  if (!commit.ok) return commit;
  const { genesisHash: network, number, firstSlot, stateRoot, time } = commit.value.record.payload;
  const stands = verifyInclusion(hasher, vectorRoot, {
    leafHash: leafHash(hasher, receipt.commit),
    index: Number(firstSlot),
    size: Number(vectorSize),
    proof: receipt.commitProof,
  });
  if (!stands || !bytesEqual(network, context.genesisHash)) return reject("LEDGER_RECEIPT_COMMIT");
  const { key, value, proof } = receipt;
  if (!verifyStateProof(hasher, stateRoot, key, value, proof)) {
    return reject("LEDGER_RECEIPT_STATE", { commit: String(number - 1n) });
  }
  return accept({ commit: number - 1n, stateRoot, namedTime: time });
}
