/**
 * Decides the few numbers that say what a store holds: format version, slots, bytes, commits,
 * floors, and which entry files there are. They stand in the database, so they change with the
 * commit that changes them.
 */

import { crc32 } from "node:zlib";
import { Fault } from "../../contract/outcome.ts";
import type { StoreFloors } from "../../ports/ledger-store.ts";
import type { LedgerDatabase } from "./ledger-database.ts";

/** 4: a commit's row holds what differs in the pages, and what stood there before it. */
export const FORMAT_VERSION = 4;

/** An entry file: file n is `entries-n`, file 0 `entries`. */
export interface Segment {
  readonly file: number;
  /** Offset of its first entry, counted over all entries there ever were. */
  readonly start: number;
  readonly firstSlot: number;
}

/** What a store holds. */
export interface Counts {
  readonly slots: number;
  /** Offset after the last entry. */
  readonly entryBytes: number;
  readonly commits: number;
  readonly floors: StoreFloors;
  /** Ascending; the last one is written to. */
  readonly segments: readonly Segment[];
}

/** A store without a slot. */
export const NOTHING: Counts = {
  slots: 0,
  entryBytes: 0,
  commits: 0,
  floors: { payloads: 0, hashes: 0, commits: 0 },
  segments: [{ file: 0, start: 0, firstSlot: 0 }],
};

/** Refuses a folder of another format. Throws Fault STORE_VERSION. */
export function needVersion(folder: string, version: Uint8Array): void {
  if (numberOf(version) === FORMAT_VERSION) return;
  const facts = { file: folder, version: numberOf(version), ours: FORMAT_VERSION };
  throw new Fault("STORE_VERSION", `${folder} has format ${numberOf(version)}`, facts);
}

/** Writes the version of a new store; only within a transaction. */
export function putVersion(database: LedgerDatabase): void {
  database.meta.put("version", numbers([FORMAT_VERSION]));
}

/** Reads what a store holds. Throws Fault STORE_DAMAGED where a number is gone. */
export function readCounts(database: LedgerDatabase, folder: string): Counts {
  const counts = rowOf(database, folder, "counts", 6);
  const segments = rowOf(database, folder, "segments", 3);
  const [slots, entryBytes, commits, payloads, hashes, firstCommit] = counts;
  return {
    slots,
    entryBytes,
    commits,
    floors: { payloads, hashes, commits: firstCommit },
    segments: Array.from({ length: segments.length / 3 }, (_, index) => {
      const [file, start, firstSlot] = segments.slice(3 * index, 3 * index + 3);
      return { file, start, firstSlot };
    }),
  };
}

/** Writes what a store holds; only within a transaction. */
export function putCounts(database: LedgerDatabase, counts: Counts): void {
  const { slots, entryBytes, commits, floors, segments } = counts;
  const floor = [floors.payloads, floors.hashes, floors.commits];
  database.meta.put("counts", numberText([slots, entryBytes, commits, ...floor]));
  const files = segments.flatMap(({ file, start, firstSlot }) => [file, start, firstSlot]);
  database.meta.put("segments", numberText(files));
}

/** Which states of the pages are held, and where. */
export interface HistoryMarks {
  /** The oldest commit whose state can be read. */
  readonly oldest: number;
  /** The commit that the table of pages stands at. */
  readonly carried: number;
}

/** Reads which states are held. Throws Fault STORE_DAMAGED where that is gone. */
export function readHistory(
  database: LedgerDatabase,
  commits: number,
  folder: string,
): HistoryMarks {
  if (commits === 0) return { oldest: 0, carried: 0 };
  const [oldest, carried] = rowOf(database, folder, "history", 2);
  return { oldest, carried };
}

/** Writes which states are held; only within a transaction. */
export function putHistory(database: LedgerDatabase, marks: HistoryMarks): void {
  database.meta.put("history", numberText([marks.oldest, marks.carried]));
}

function rowOf(database: LedgerDatabase, folder: string, name: string, width: number): number[] {
  const row = database.meta.get(name);
  const values = row === undefined ? undefined : readNumbers(row);
  if (values === undefined || values.length === 0 || values.length % width !== 0) {
    throw new Fault("STORE_DAMAGED", `${folder} has lost its ${name}`, { file: folder });
  }
  return values;
}

/** Decimal numbers and the CRC-32 of them: entries are cut by these, so damage must be seen. */
function numberText(values: readonly number[]): Uint8Array {
  const text = values.join(" ");
  return new TextEncoder().encode(`${text} #${crc32(text)}`);
}

function readNumbers(row: Uint8Array): number[] | undefined {
  const [text, sum] = new TextDecoder().decode(row).split(" #");
  if (sum !== String(crc32(text ?? "")) || !/^[0-9 ]+$/.test(text)) return undefined;
  return text.split(" ").map(Number);
}

/** Each as u64, little-endian. */
export function numbers(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) view.setBigUint64(8 * at, BigInt(value), true);
  return bytes;
}

/** The u64 that the bytes begin with. */
export function numberOf(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
}
