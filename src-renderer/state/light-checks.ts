/**
 * Decides what this page believes of a slot, an account and the rows of a job: what it recomputed
 * itself up to the commit it trusts. Answers are decoded from the bytes that were proved, so that
 * no figure stands beside a proof of something else.
 */

import { decode } from "../../src-main/codec/index.ts";
import { bytesToHex, hexToBytes } from "../../src-main/contract/bytes.ts";
import type { RowClaimAnswer, SlotClaimAnswer } from "../../src-main/contract/control-api/light.ts";
import { accept, reject } from "../../src-main/contract/outcome.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { sha256 } from "../../src-main/crypto/hasher.ts";
import { leafHash } from "../../src-main/crypto/merkle/node-hashes.ts";
import {
  checkOutcome,
  checkRecord,
  checkRow,
  stateProofCodec,
} from "../../src-main/ledger/light/index.ts";
import type {
  LedgerRecord,
  PayloadOf,
  RecordOutcome,
  RowClaim,
  Table,
  TrustedView,
} from "../../src-main/ledger/light/index.ts";
import { walkProof } from "./proof-steps.ts";
import type { WalkedProof } from "./proof-steps.ts";

/** A slot as this page recomputed it. */
export interface CheckedSlot {
  readonly slot: number;
  /** Null where the record was pruned in the miner's folder. */
  readonly record: LedgerRecord | null;
  /** Empty for a commit record, which has none, and for a pruned record. */
  readonly id: string;
  /** Null while no certified commit names what became of it. */
  readonly outcome: RecordOutcome | null;
  /** The commit that holds it; null where its record was pruned. */
  readonly commit: HoldingCommit | null;
  readonly recordProof: WalkedProof;
  readonly outcomeProof: WalkedProof | null;
  readonly trusted: { readonly commit: number; readonly slots: number };
  readonly tookMs: number;
}

/** What a commit record says of the commit that holds a slot. */
export interface HoldingCommit {
  readonly number: number;
  readonly slot: number;
  readonly timeMs: number;
  readonly epoch: number;
  readonly ruleVersion: number;
  readonly records: number;
}

/**
 * Recomputes a slot.
 * @rejects LEDGER_RECEIPT_RECORD, LEDGER_RECEIPT_OUTCOME, LEDGER_LIGHT_SLOT, LEDGER_LIGHT_COMMIT,
 *          CODEC_*
 */
export function checkSlot(
  view: TrustedView,
  slot: number,
  answer: SlotClaimAnswer,
): Outcome<CheckedSlot> {
  const began = performance.now();
  if (answer.slot !== slot) return reject("LEDGER_RECEIPT_RECORD", { slot });
  const stored = answer.stored === null ? null : hexToBytes(answer.stored);
  const path = answer.path.map(hexToBytes);
  const recordProof = walkProof({
    // Hashed from the shown bytes; only a pruned record's hash is taken from the answer.
    leafHash: stored === null ? hexToBytes(answer.leafHash) : leafHash(sha256, stored),
    index: slot,
    size: Number(view.vectorSize),
    proof: path,
    root: view.vectorRoot,
  });
  const record = stored === null ? null : checkedRecord(view, slot, stored, path);
  if (record?.ok === false) return record;
  if (!recordProof.holds) return reject("LEDGER_RECEIPT_RECORD", { slot });
  const outcome = checkedOutcome(view, slot, answer.outcome);
  if (!outcome.ok) return outcome;
  const commit = holdingCommit(view, slot, answer.heldBy);
  if (!commit.ok) return commit;
  const isCommit = record?.value.record.payload.kind === "commit";
  return accept({
    slot,
    record: record?.value.record ?? null,
    id: record === null || isCommit ? "" : bytesToHex(record.value.id),
    outcome: outcome.value?.outcome ?? null,
    commit: commit.value,
    recordProof,
    outcomeProof: outcome.value?.proof ?? null,
    trusted: { commit: Number(view.number), slots: Number(view.vectorSize) },
    tookMs: performance.now() - began,
  });
}

function checkedRecord(view: TrustedView, slot: number, bytes: Uint8Array, proof: Uint8Array[]) {
  return checkRecord(sha256, view, { slot: BigInt(slot), bytes, proof });
}

/** Null only where the trusted commit cannot name it yet: leaving one out is refused. */
function checkedOutcome(
  view: TrustedView,
  slot: number,
  claim: SlotClaimAnswer["outcome"],
): Outcome<{ readonly outcome: RecordOutcome; readonly proof: WalkedProof } | null> {
  if (claim === null) {
    const isEarly = BigInt(slot) >= view.firstSlot;
    return isEarly ? accept(null) : reject("LEDGER_RECEIPT_OUTCOME", { slot });
  }
  const bytes = hexToBytes(claim.bytes);
  const proof = claim.path.map(hexToBytes);
  const outcome = checkOutcome(sha256, view, { slot: BigInt(slot), bytes, proof });
  if (!outcome.ok) return outcome;
  const size = Number(view.firstSlot);
  const leaf = leafHash(sha256, bytes);
  const walked = walkProof({ leafHash: leaf, index: slot, size, proof, root: view.outcomeRoot });
  return accept({ outcome: outcome.value, proof: walked });
}

function holdingCommit(
  view: TrustedView,
  slot: number,
  { slot: at, stored, path }: SlotClaimAnswer["heldBy"],
): Outcome<HoldingCommit | null> {
  if (stored === null) return accept(null);
  const read = checkedRecord(view, at, hexToBytes(stored), path.map(hexToBytes));
  if (!read.ok) return read;
  const { payload } = read.value.record;
  if (payload.kind !== "commit" || !holds(payload, slot)) {
    return reject("LEDGER_LIGHT_COMMIT", { slot });
  }
  const { number, time, epoch, ruleVersion, recordCount } = payload;
  return accept({
    number: Number(number),
    slot: at,
    timeMs: Number(time),
    epoch: Number(epoch),
    ruleVersion,
    records: recordCount,
  });
}

function holds({ firstSlot, recordCount }: PayloadOf<"commit">, slot: number): boolean {
  const offset = BigInt(slot) - firstSlot;
  return offset >= 0n && offset <= BigInt(recordCount);
}

/**
 * The claim about one row of a table.
 * @rejects LEDGER_LIGHT_STATE where it is missing from the answer, CODEC_*
 */
export function claimOf<R>(
  rows: readonly RowClaimAnswer[],
  table: Table<R>,
  id: Uint8Array,
): Outcome<RowClaim> {
  const name = bytesToHex(id);
  const claim = rows.find((one) => one.table === table.name && one.id === name);
  if (claim === undefined) return reject("LEDGER_LIGHT_STATE", { table: table.name });
  const proof = decode(stateProofCodec, hexToBytes(claim.proof));
  if (!proof.ok) return proof;
  return accept({
    bytes: claim.bytes === null ? undefined : hexToBytes(claim.bytes),
    proof: proof.value,
  });
}

/** A row of the state, or undefined where its absence is proved. @rejects LEDGER_LIGHT_STATE */
export function checkedRow<R>(
  view: TrustedView,
  rows: readonly RowClaimAnswer[],
  table: Table<R>,
  id: Uint8Array,
): Outcome<R | undefined> {
  const claim = claimOf(rows, table, id);
  return claim.ok ? checkRow(sha256, view, table, id, claim.value) : claim;
}
