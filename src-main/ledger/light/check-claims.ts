/**
 * Decides what a light client believes of a record, an outcome, a row of the state and an account's
 * feed: what a proof connects to the commit it trusts, and nothing else.
 */

import { decode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { leafHash, MerkleFrontier, verifyInclusion } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { recordOutcomeCodec } from "../outcomes/outcome.ts";
import type { RecordOutcome } from "../outcomes/outcome.ts";
import type { LedgerRecord } from "../records/payloads.ts";
import { decodeStored, recordId } from "../records/stored-record.ts";
import { recordContext } from "../records/typed-digest.ts";
import { feedLeaf } from "../state/feeds.ts";
import { verifyStateProof } from "../state/map-proof.ts";
import type { StateProof } from "../state/map-proof.ts";
import { FEEDS } from "../state/rows-published.ts";
import type { FeedRow } from "../state/rows-published.ts";
import { stateKey } from "../state/state-view.ts";
import type { Table } from "../state/tables.ts";
import type { TrustedView } from "./trusted-view.ts";

/** Bytes that are said to stand in a slot, and their path. */
export interface SlotClaim {
  readonly slot: bigint;
  readonly bytes: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** A record that stands in its slot. Its signature was checked by those who certified it. */
export interface CheckedRecord {
  readonly record: LedgerRecord;
  readonly id: Uint8Array;
}

/** @rejects LEDGER_LIGHT_SLOT, LEDGER_RECEIPT_RECORD, LEDGER_RECORD_SIZE, CODEC_* */
export function checkRecord(
  hasher: Hasher,
  trusted: TrustedView,
  claim: SlotClaim,
): Outcome<CheckedRecord> {
  const { vectorSize, vectorRoot } = trusted;
  if (claim.slot >= vectorSize) return reject("LEDGER_LIGHT_SLOT", { size: String(vectorSize) });
  if (!included(hasher, vectorRoot, vectorSize, claim)) return reject("LEDGER_RECEIPT_RECORD");
  const stored = decodeStored(claim.bytes);
  if (!stored.ok) return stored;
  const { record } = stored.value;
  return accept({ record, id: recordId(record, recordContext(hasher, trusted.genesisHash)) });
}

/** @rejects LEDGER_RECEIPT_EARLY (no trusted root covers it), LEDGER_RECEIPT_OUTCOME, CODEC_* */
export function checkOutcome(
  hasher: Hasher,
  trusted: TrustedView,
  claim: SlotClaim,
): Outcome<RecordOutcome> {
  const { firstSlot, outcomeRoot } = trusted;
  if (claim.slot >= firstSlot) return reject("LEDGER_RECEIPT_EARLY");
  if (!included(hasher, outcomeRoot, firstSlot, claim)) return reject("LEDGER_RECEIPT_OUTCOME");
  return decode(recordOutcomeCodec, claim.bytes);
}

function included(hasher: Hasher, root: Uint8Array, size: bigint, claim: SlotClaim): boolean {
  return verifyInclusion(hasher, root, {
    leafHash: leafHash(hasher, claim.bytes),
    index: Number(claim.slot),
    size: Number(size),
    proof: claim.proof,
  });
}

/** A row that is said to be in the state, or with `bytes` undefined not to be there. */
export interface RowClaim {
  readonly bytes: Uint8Array | undefined;
  readonly proof: StateProof;
}

/**
 * The row, or undefined where its absence is proved.
 * @rejects LEDGER_LIGHT_STATE, CODEC_*
 */
export function checkRow<R>(
  hasher: Hasher,
  trusted: TrustedView,
  table: Table<R>,
  id: Uint8Array,
  { bytes, proof }: RowClaim,
): Outcome<R | undefined> {
  const key = stateKey(hasher, table.name, id);
  if (!verifyStateProof(hasher, trusted.stateRoot, key, bytes, proof)) {
    return reject("LEDGER_LIGHT_STATE", { table: table.name });
  }
  return bytes === undefined ? accept(undefined) : decode(table.codec, bytes);
}

/** How many slots an account's feed has, by its row. @rejects CRYPTO_FRONTIER */
export function feedSize(hasher: Hasher, row: FeedRow | undefined): Outcome<number> {
  if (row === undefined) return accept(0);
  const edge = MerkleFrontier.restore(hasher, row.edge);
  return edge.ok ? accept(edge.value.size) : edge;
}

/**
 * Whether these are all slots that concern an account, in order: none left out, none added.
 * @rejects LEDGER_LIGHT_STATE, LEDGER_LIGHT_FEED, CODEC_*
 */
export function checkFeed(
  hasher: Hasher,
  trusted: TrustedView,
  address: Uint8Array,
  slots: readonly bigint[],
  claim: RowClaim,
): Outcome<undefined> {
  const row = checkRow(hasher, trusted, FEEDS, address, claim);
  if (!row.ok) return row;
  const feed = new MerkleFrontier(hasher);
  for (const slot of slots) feed.append(leafHash(hasher, feedLeaf(slot)));
  const edge = row.value?.edge ?? new MerkleFrontier(hasher).serialise();
  return bytesEqual(feed.serialise(), edge) ? accept(undefined) : reject("LEDGER_LIGHT_FEED");
}
