/**
 * Decides the rows of the local indexes: history by account, jobs and units newest first, slots by
 * record id. A function of the log alone, so the rows may be dropped and derived again; nothing
 * agreed upon depends on them.
 */

import { encode } from "../../codec/index.ts";
import { concatBytes } from "../../contract/bytes.ts";
import { concernedBy } from "../../ledger/index.ts";
import type { CommitRecord, LedgerRecord, RecordOutcome } from "../../ledger/index.ts";
import type { IndexRow } from "../../ports/ledger-store.ts";
import { effectEntries, recordEntries } from "./account-entries.ts";
import { historyEntryCodec } from "./history-entry.ts";
import type { HistoryEntry } from "./history-entry.ts";

/** First byte of each kind of row; permanent within one `INDEX_VERSION`. */
export const ROW_KINDS = {
  version: 0,
  history: 1,
  job: 2,
  unit: 3,
  unitOfJob: 4,
  id: 5,
  closedJob: 6,
  closedUnit: 7,
  feed: 16,
  grant: 17,
  publication: 18,
  epochEnd: 19,
} as const;

/** Raised when rows change their form or meaning; an older index is then derived again. */
export const INDEX_VERSION = 3;

/** The row that says an index is complete; written last. */
export const VERSION_ROW: IndexRow = {
  key: Uint8Array.of(ROW_KINDS.version),
  bytes: Uint8Array.of(INDEX_VERSION),
};

/** A commit as far as the indexes look at it. */
export interface IndexedCommit {
  readonly commit: CommitRecord;
  /** Records after the commit record, with their ids. */
  readonly records: readonly { readonly record: LedgerRecord; readonly id: Uint8Array }[];
  /** Outcomes of all slots, the commit record's first. */
  readonly outcomes: readonly RecordOutcome[];
}

/** Prefix of an account's history. */
export function historyPrefix(address: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ROW_KINDS.history), address);
}

/** Prefix of the units of a job. */
export function unitsOfPrefix(job: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ROW_KINDS.unitOfJob), job);
}

/** Prefix of the slots that concern an account, ascending: the leaves of its feed. */
export function feedPrefix(address: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ROW_KINDS.feed), address);
}

/** Prefix of what gave an account a subject's keys, newest first. */
export function grantPrefix(subject: Uint8Array, to: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ROW_KINDS.grant), subject, to);
}

/** Prefix of those of 256 neighbouring slots, of which `slot` is one. */
export function feedBlockPrefix(address: Uint8Array, slot: bigint): Uint8Array {
  return concatBytes(feedPrefix(address), slotBytes(slot).subarray(0, 7));
}

/** Key of what the last commit of an epoch leaves for those who follow the ledger later. */
export function epochEndKey(commit: bigint): Uint8Array {
  return concatBytes(Uint8Array.of(ROW_KINDS.epochEnd), slotBytes(commit));
}

/** Key of the slot of a record. */
export function idKey(id: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ROW_KINDS.id), id);
}

/** Slot bytes, inverted so that ascending keys are newest first. */
function newestFirst(slot: bigint, sequence: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, 0xffff_ffff_ffff_ffffn - slot);
  view.setUint32(8, 0xffff_ffff - sequence);
  return bytes;
}

/** The rows one commit adds. */
export function indexRowsOf({ commit, records, outcomes }: IndexedCommit): IndexRow[] {
  const { firstSlot, time } = commit.payload;
  const rows: IndexRow[] = [];
  // Counts the rows of a commit, so that two of one slot and account differ.
  let sequence = 0;
  const history = (address: Uint8Array, entry: HistoryEntry): void => {
    const key = concatBytes(historyPrefix(address), newestFirst(entry.slot, sequence));
    rows.push({ key, bytes: encode(historyEntryCodec, entry) });
    sequence += 1;
  };
  const list = (prefix: Uint8Array, slot: bigint, id: Uint8Array): void => {
    rows.push({ key: concatBytes(prefix, newestFirst(slot, sequence)), bytes: id });
    sequence += 1;
  };
  for (const [index, { record, id }] of records.entries()) {
    const slot = firstSlot + BigInt(index + 1);
    rows.push({ key: idKey(id), bytes: slotBytes(slot) });
    const outcome = outcomes[index + 1];
    for (const [address, entry] of recordEntries(record, outcome, { slot, time })) {
      history(address, entry);
    }
    if (outcome.code !== "") continue;
    const { payload } = record;
    if (payload.kind === "job-create") list(Uint8Array.of(ROW_KINDS.job), slot, id);
    if (payload.kind === "publish") list(Uint8Array.of(ROW_KINDS.publication), slot, id);
    if (payload.kind === "grant") list(grantPrefix(payload.subject, payload.to), slot, id);
  }
  rows.push(...feedRows({ commit, records, outcomes }));
  for (const [index, { effects }] of outcomes.entries()) {
    const slot = firstSlot + BigInt(index);
    for (const effect of effects) {
      for (const [address, entry] of effectEntries(effect, { slot, time })) history(address, entry);
      if (effect.kind !== "assigned") continue;
      list(Uint8Array.of(ROW_KINDS.unit), slot, effect.unit);
      list(unitsOfPrefix(effect.job), slot, effect.unit);
    }
  }
  return rows;
}

/** One row for each account and slot that concerns it; the n-th of a feed is its leaf n. */
function feedRows({ commit, records, outcomes }: IndexedCommit): IndexRow[] {
  const written = [commit, ...records.map(({ record }) => record)];
  return written.flatMap((record, index) => {
    const slot = slotBytes(commit.payload.firstSlot + BigInt(index));
    return concernedBy(record, outcomes[index]).map((address) => {
      return { key: concatBytes(feedPrefix(address), slot), bytes: new Uint8Array() };
    });
  });
}

/** u64 slot, big-endian. */
export function slotBytes(slot: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, slot);
  return bytes;
}
