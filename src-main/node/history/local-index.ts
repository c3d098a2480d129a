/**
 * Decides how the local indexes are read, and that one which is missing, unfinished or of an older
 * form is derived from the log again when the node starts.
 */

import { decode } from "../../codec/index.ts";
import type { Codec } from "../../codec/index.ts";
import { concatBytes } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import {
  decodeStored,
  decodeStoredCommit,
  genesisHash,
  JOBS,
  recordContext,
  recordId,
  recordOutcomeCodec,
  UNITS,
} from "../../ledger/index.ts";
import type { ExecuteNeeds, Genesis, JobRow, RecordContext, UnitRow } from "../../ledger/index.ts";
import type { IndexRow, LedgerStore } from "../../ports/ledger-store.ts";
import { FEED_BLOCKS_MAX, LIST_MAX } from "../limits.ts";
import { closedJobKey, closedRowsOfLog, closedUnitKey } from "./closed-rows.ts";
import { historyEntryCodec } from "./history-entry.ts";
import type { HistoryEntry } from "./history-entry.ts";
import {
  feedBlockPrefix,
  feedPrefix,
  grantPrefix,
  historyPrefix,
  idKey,
  INDEX_VERSION,
  indexRowsOf,
  ROW_KINDS,
  unitsOfPrefix,
  VERSION_ROW,
} from "./index-rows.ts";

/** Rows of closed jobs taken over from an older index: more than any disk holds. */
const CLOSED_ROWS_MAX = 2_147_483_647;

/** Slots whose big-endian bytes differ in the last alone. */
const FEED_BLOCK_SLOTS = 256n;

/** The slot that no ledger reaches, after every other of a feed. */
const LAST_SLOT_BYTES = new Uint8Array(8).fill(0xff);

/** Reads the local indexes of a store. */
export class LocalIndex {
  readonly #store: LedgerStore;

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  /** Derives the indexes again unless they are complete and of this form. */
  async prepare(genesis: Genesis, execution: ExecuteNeeds): Promise<"kept" | "derived"> {
    const [version] = this.#store.index(VERSION_ROW.key, 1);
    if (version?.bytes[0] === INDEX_VERSION) return "kept";
    const { hasher } = execution;
    const context = recordContext(hasher, genesisHash(hasher, genesis));
    const closed = this.#closedRows(genesis, execution);
    // Only executing the whole log gives these again; whoever lacks them names a checkpoint.
    const ends = this.#store.index(Uint8Array.of(ROW_KINDS.epochEnd), CLOSED_ROWS_MAX);
    const kept = chained(closed, ends);
    await this.#store.replaceIndex(chained(kept, indexRowsOfLog(this.#store, context)));
    return "derived";
  }

  /** A job that left the state, as it was last. */
  closedJob(id: Uint8Array): JobRow | undefined {
    return this.#closed(closedJobKey(id), JOBS.codec);
  }

  /** A unit that left the state, as it was last. */
  closedUnit(id: Uint8Array): UnitRow | undefined {
    return this.#closed(closedUnitKey(id), UNITS.codec);
  }

  /** What happened to an account, newest first. */
  history(address: Uint8Array, limit: number): HistoryEntry[] {
    return this.#rows(historyPrefix(address), limit).map(({ bytes }) => {
      const entry = decode(historyEntryCodec, bytes);
      if (!entry.ok) throw new Fault("STORE_DAMAGED", "a row of the history is malformed");
      return entry.value;
    });
  }

  /** Job ids, newest first. */
  jobs(limit: number): Uint8Array[] {
    return this.#rows(Uint8Array.of(ROW_KINDS.job), limit).map(({ bytes }) => bytes);
  }

  /** Unit ids, newest first. */
  units(limit: number): Uint8Array[] {
    return this.#rows(Uint8Array.of(ROW_KINDS.unit), limit).map(({ bytes }) => bytes);
  }

  /** Ids of the units of a job, newest first. */
  unitsOf(job: Uint8Array, limit: number): Uint8Array[] {
    return this.#rows(unitsOfPrefix(job), limit).map(({ bytes }) => bytes);
  }

  /** Slots that concern an account, ascending. */
  feed(address: Uint8Array, limit: number): bigint[] {
    return this.#rows(feedPrefix(address), limit).map(({ key }) => slotIn(key.subarray(21)));
  }

  /** Slots from one on that concern an account, ascending; those of the next quarter million. */
  feedFrom(address: Uint8Array, from: bigint, limit: number): bigint[] {
    const slots: bigint[] = [];
    const end = BigInt(this.#store.size());
    let block = from - (from % FEED_BLOCK_SLOTS);
    for (let looked = 0; looked < FEED_BLOCKS_MAX && slots.length < limit; looked += 1) {
      if (block >= end) break;
      const rows = this.#rows(feedBlockPrefix(address, block), Number(FEED_BLOCK_SLOTS));
      slots.push(...rows.map(({ key }) => slotIn(key.subarray(21))).filter((slot) => slot >= from));
      block += FEED_BLOCK_SLOTS;
    }
    return slots.slice(0, limit);
  }

  /** The account with the next higher address that some slot concerns; without one, the first. */
  accountAfter(address?: Uint8Array): Uint8Array | undefined {
    const kind = Uint8Array.of(ROW_KINDS.feed);
    const after =
      address === undefined ? undefined : concatBytes(feedPrefix(address), LAST_SLOT_BYTES);
    const [row] = this.#store.index(kind, 1, after);
    return row?.key.slice(kind.length, kind.length + 20);
  }

  /** Ids of the records that gave an account a subject's keys, newest first. */
  grants(subject: Uint8Array, to: Uint8Array, limit: number): Uint8Array[] {
    return this.#rows(grantPrefix(subject, to), limit).map(({ bytes }) => bytes);
  }

  /** Ids of publications, newest first; some may have been taken back. */
  publications(limit: number): Uint8Array[] {
    return this.#rows(Uint8Array.of(ROW_KINDS.publication), limit).map(({ bytes }) => bytes);
  }

  /** The slot of a record. */
  slotOf(id: Uint8Array): bigint | undefined {
    const [row] = this.#rows(idKey(id), 1);
    if (row?.bytes.length !== 8) return undefined;
    return slotIn(row.bytes);
  }

  #closed<R>(key: Uint8Array, codec: Codec<R>): R | undefined {
    const [held] = this.#rows(key, 1);
    if (held === undefined) return undefined;
    const row = decode(codec, held.bytes);
    if (!row.ok) throw new Fault("STORE_DAMAGED", "a closed row of the index is malformed");
    return row.value;
  }

  /**
   * What is known of jobs that left the state. A whole log gives it again; where its beginning is
   * pruned, what the old index holds is all there is.
   */
  #closedRows(genesis: Genesis, execution: ExecuteNeeds): Iterable<IndexRow> {
    const { payloads } = this.#store.floors();
    if (payloads === 0) return closedRowsOfLog(this.#store, genesis, execution);
    const kinds = [ROW_KINDS.closedJob, ROW_KINDS.closedUnit];
    return kinds.flatMap((kind) => this.#store.index(Uint8Array.of(kind), CLOSED_ROWS_MAX));
  }

  #rows(prefix: Uint8Array, limit: number): IndexRow[] {
    invariant(Number.isInteger(limit) && limit >= 0, "a limit is a count");
    return this.#store.index(prefix, Math.min(limit, LIST_MAX));
  }
}

function* chained(...parts: readonly Iterable<IndexRow>[]): Iterable<IndexRow> {
  for (const part of parts) yield* part;
}

/** u64, big-endian. */
function slotIn(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
}

/** Every row of the indexes, derived from the records that are held; the version last. */
export function* indexRowsOfLog(store: LedgerStore, context: RecordContext): Iterable<IndexRow> {
  for (let slot = firstHeldCommit(store); slot < store.size();) {
    const commit = decodeStoredCommit(store.record(slot), context.hasher);
    if (!commit.ok) throw damaged(slot);
    const end = slot + 1 + commit.value.record.payload.recordCount;
    if (end > store.size()) throw damaged(slot);
    const slots = Array.from({ length: end - slot }, (_, index) => slot + index);
    const records = slots.slice(1).map((each) => {
      const stored = decodeStored(store.record(each));
      if (!stored.ok) throw damaged(each);
      return { record: stored.value.record, id: recordId(stored.value.record, context) };
    });
    const outcomes = slots.map((each) => {
      const outcome = decode(recordOutcomeCodec, store.outcome(each));
      if (!outcome.ok) throw damaged(each);
      return outcome.value;
    });
    yield* indexRowsOf({ commit: commit.value.record, records, outcomes });
    slot = end;
  }
  yield VERSION_ROW;
}

/** First slot of the first commit whose records are all held; the size where there is none. */
function firstHeldCommit(store: LedgerStore): number {
  const { payloads, commits } = store.floors();
  let low = commits + 1;
  let high = store.commits() + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((store.commit(middle)?.firstSlot ?? 0) >= payloads) high = middle;
    else low = middle + 1;
  }
  return store.commit(low)?.firstSlot ?? store.size();
}

function damaged(slot: number): Fault {
  return new Fault("STORE_DAMAGED", `slot ${slot} is malformed`, { slot });
}
