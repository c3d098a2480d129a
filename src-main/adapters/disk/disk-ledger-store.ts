/**
 * Decides the write order of a commit (ARCHITECTURE.md section 6, "Store"): append the record bytes
 * and fdatasync; one durable lmdb transaction; acknowledge. Tiles move to files later. The size in
 * lmdb is the truth: a longer entry file is cut, a shorter one is damage with a named slot.
 */

import { dirname, join } from "node:path";
import { Fault, invariant } from "../../contract/outcome.ts";
import { STORE_APPEND_MAX } from "../../ports/ledger-store.ts";
import type {
  CommitBatch,
  IndexRow,
  LedgerReader,
  LedgerStore,
  PageChange,
  TreeName,
} from "../../ports/ledger-store.ts";
import { damagedSlot, ENTRY_FILE_START, entryEnd, EntryFile } from "./entry-file.ts";
import type { EntryPlace } from "./entry-file.ts";
import { machineFiles, makeDurableFolder } from "./file-layer.ts";
import type { FileLayer } from "./file-layer.ts";
import { lockFolder } from "./folder-lock.ts";
import type { FolderLock } from "./folder-lock.ts";
import { openLedgerDatabase, readLedgerDatabase } from "./ledger-database.ts";
import type { ByteTable, LedgerDatabase } from "./ledger-database.ts";
import { INDEX_ROWS_PER_TRANSACTION } from "./limits.ts";
import { onDisk, storeFault } from "./store-faults.ts";
import { TileShelf } from "./tile-shelf.ts";

const FORMAT_VERSION = 1;

/** Where a ledger's store stands. */
export interface DiskLedgerOptions {
  /** Folder of the ledger's files, made where there is none. */
  readonly folder: string;
  /** File whose lock guards the folder and its neighbours; `<folder>/lock` unless given. */
  readonly lockFile?: string;
}

/** What the store reaches the disk with; a test injects layers that record, lose or refuse. */
export interface DiskLedgerNeeds {
  readonly files?: FileLayer;
  readonly openDatabase?: (folder: string, holdsNothing: boolean) => LedgerDatabase;
}

/**
 * Opens the store and holds its folder until `close` or the end of the process.
 * Throws Fault STORE_LOCKED, STORE_LOCK_FAILED, STORE_READ_ONLY, STORE_DISK_FULL, STORE_FAILED,
 * STORE_VERSION, or STORE_DAMAGED with the first slot whose record is not there.
 */
export async function openDiskLedger(
  options: DiskLedgerOptions,
  needs: DiskLedgerNeeds = {},
): Promise<LedgerStore> {
  const files = needs.files ?? machineFiles;
  const { folder } = options;
  const lockFile = options.lockFile ?? join(folder, "lock");
  onDisk(folder, () => makeDurableFolder(files, folder));
  onDisk(lockFile, () => files.makeFolder(dirname(lockFile)));
  const lock = lockFolder(lockFile);
  let database: LedgerDatabase | undefined;
  let entries: EntryFile | undefined;
  try {
    entries = new EntryFile(files, join(folder, "entries"));
    const holdsNothing = entries.size() <= ENTRY_FILE_START;
    const openDatabase = needs.openDatabase ?? openLedgerDatabase;
    database = openDatabase(join(folder, "database"), holdsNothing);
    // Before anything is acknowledged, and again in case a killed process came no further.
    onDisk(folder, () => files.syncFolder(folder));
    const counts = await prepare(folder, database, entries);
    const tiles = new TileShelf(files, join(folder, "tiles"), database);
    return new DiskLedgerStore({ database, entries, tiles, lock, counts });
  } catch (error) {
    entries?.close();
    await database?.close();
    lock.release();
    throw error;
  }
}

/**
 * Opens a store that another process holds, as it stood at that process's last commit. Nothing in
 * the folder is changed and no lock is taken. A damaged database can end this process.
 * Throws Fault STORE_DAMAGED, STORE_VERSION and those of the disk.
 */
export function readDiskLedger(folder: string): LedgerReader {
  const path = join(folder, "entries");
  if (!machineFiles.exists(path)) throw damagedSlot(0, path, "the file is gone");
  const database = readLedgerDatabase(join(folder, "database"));
  const entries = new EntryFile(machineFiles, path);
  const version = database.meta.get("version");
  if (version === undefined) throw damagedSlot(0, folder, "the database holds no ledger");
  needVersion(folder, version);
  const tiles = new TileShelf(machineFiles, join(folder, "tiles"), database);
  const lock: FolderLock = { release: () => {} };
  return new DiskLedgerStore({
    database,
    entries,
    tiles,
    lock,
    counts: readCounts(database, folder),
  });
}

/** Slots stored and bytes of the entry file that the database counts. */
interface Counts {
  readonly slots: number;
  readonly entryBytes: number;
}

async function prepare(
  folder: string,
  database: LedgerDatabase,
  entries: EntryFile,
): Promise<Counts> {
  const version = database.meta.get("version");
  if (version === undefined) {
    if (entries.size() > ENTRY_FILE_START) {
      // Records without their database: beginning anew would destroy what is left.
      throw damagedSlot(0, folder, "the database is gone while records are there");
    }
    await entries.begin();
    const counts = { slots: 0, entryBytes: ENTRY_FILE_START };
    database.transact(() => {
      database.meta.put("version", numberBytes(FORMAT_VERSION));
      putCounts(database, counts);
    });
    return counts;
  }
  needVersion(folder, version);
  const counts = readCounts(database, folder);
  const held = entries.size();
  if (held < counts.entryBytes) throw firstMissing(database, entries, held, counts.slots);
  if (!entries.hasHeading()) throw damagedSlot(0, entries.path, "the file's heading is not ours");
  if (held > counts.entryBytes) entries.cut(counts.entryBytes);
  return counts;
}

function needVersion(folder: string, version: Uint8Array): void {
  if (numberOf(version) === FORMAT_VERSION) return;
  const facts = { file: folder, version: numberOf(version) };
  throw new Fault("STORE_VERSION", `${folder} has format ${numberOf(version)}`, facts);
}

function readCounts(database: LedgerDatabase, folder: string): Counts {
  const slots = database.meta.get("slots");
  const entryBytes = database.meta.get("entry-bytes");
  if (slots === undefined || entryBytes === undefined) {
    throw new Fault("STORE_DAMAGED", `${folder} has lost its size`, { file: folder });
  }
  return { slots: numberOf(slots), entryBytes: numberOf(entryBytes) };
}

function putCounts(database: LedgerDatabase, counts: Counts): void {
  database.meta.put("slots", numberBytes(counts.slots));
  database.meta.put("entry-bytes", numberBytes(counts.entryBytes));
}

/** The first slot that does not end within the file, by halving: places ascend. */
function firstMissing(
  database: LedgerDatabase,
  entries: EntryFile,
  held: number,
  slots: number,
): Fault {
  let low = 0;
  let high = slots;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const place = database.places.get(middle);
    if (place !== undefined && entryEnd(placeOf(place)) <= held) low = middle + 1;
    else high = middle;
  }
  return damagedSlot(low, entries.path, `the file ends after ${held} bytes`);
}

interface Parts {
  readonly database: LedgerDatabase;
  readonly entries: EntryFile;
  readonly tiles: TileShelf;
  readonly lock: FolderLock;
  readonly counts: Counts;
}

class DiskLedgerStore implements LedgerStore {
  readonly #database: LedgerDatabase;
  readonly #entries: EntryFile;
  readonly #tiles: TileShelf;
  readonly #lock: FolderLock;
  #counts: Counts;
  #writing = false;
  #failed: Fault | undefined;
  #closed = false;

  constructor(parts: Parts) {
    this.#database = parts.database;
    this.#entries = parts.entries;
    this.#tiles = parts.tiles;
    this.#lock = parts.lock;
    this.#counts = parts.counts;
  }

  size(): number {
    return this.#counts.slots;
  }

  head(): Uint8Array | undefined {
    return this.#database.meta.get("head");
  }

  begin(head: Uint8Array, pages: readonly PageChange[]): Promise<void> {
    invariant(this.head() === undefined, "only a new store begins");
    this.#transact(() => {
      this.#putPages(pages);
      this.#database.meta.put("head", head);
    });
    return Promise.resolve();
  }

  async append(batch: CommitBatch): Promise<void> {
    const { records, firstSlot } = batch;
    invariant(!this.#writing && !this.#closed, "one commit is stored at a time, while open");
    invariant(firstSlot === this.#counts.slots, "a commit follows the stored ones");
    invariant(records.length > 0 && records.length <= STORE_APPEND_MAX, "a commit has its size");
    invariant(records.length === batch.outcomes.length, "every record has an outcome");
    if (this.#failed !== undefined) throw this.#failed;
    this.#writing = true;
    try {
      // A failed append leaves bytes that nothing counts: overwritten next time, or cut at start.
      const places = await this.#entries.append(this.#counts.entryBytes, firstSlot, records);
      const entryBytes = entryEnd(places[places.length - 1]);
      const counts = { slots: firstSlot + records.length, entryBytes };
      this.#transact(() => this.#write(batch, places, counts));
      this.#counts = counts;
    } finally {
      this.#writing = false;
    }
  }

  record(slot: number): Uint8Array {
    const place = this.#row(this.#database.places, slot, "its place is not known");
    if (place.length !== 12) throw this.#damaged(slot, "its place is malformed");
    return this.#entries.read(slot, placeOf(place));
  }

  outcome(slot: number): Uint8Array {
    return this.#row(this.#database.outcomes, slot, "its outcome is not there");
  }

  page(key: Uint8Array): Uint8Array | undefined {
    return this.#database.pages.get(key);
  }

  pages(): Iterable<{ readonly key: Uint8Array; readonly bytes: Uint8Array }> {
    return this.#database.pages.range();
  }

  commit(number: number): { firstSlot: number; certificate: Uint8Array } | undefined {
    const row = this.#database.commits.get(number);
    if (row === undefined || row.length < 8) return undefined;
    return { firstSlot: numberOf(row.subarray(0, 8)), certificate: row.slice(8) };
  }

  tile(tree: TreeName, level: number, index: number): Uint8Array | undefined {
    return this.#tiles.get(tree, level, index);
  }

  settleTiles(): Promise<void> {
    return this.#tiles.settle();
  }

  index(prefix: Uint8Array, limit: number): IndexRow[] {
    return [...this.#database.index.range(prefix, afterPrefix(prefix), limit)];
  }

  replaceIndex(rows: Iterable<IndexRow>): Promise<void> {
    const { index } = this.#database;
    const clear = [...index.range()].map(({ key }) => key);
    inChunks(clear, (keys) => this.#database.transact(() => keys.forEach((k) => index.remove(k))));
    inChunks(rows, (chunk) =>
      this.#database.transact(() => chunk.forEach(({ key, bytes }) => index.put(key, bytes))),
    );
    return Promise.resolve();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#entries.close();
    await this.#database.close();
    this.#lock.release();
  }

  #write(batch: CommitBatch, places: readonly EntryPlace[], counts: Counts): void {
    const database = this.#database;
    for (const [index, place] of places.entries()) {
      database.places.put(batch.firstSlot + index, placeBytes(place));
      database.outcomes.put(batch.firstSlot + index, batch.outcomes[index]);
    }
    this.#putPages(batch.pages);
    for (const tile of batch.tiles) this.#tiles.put(tile);
    for (const { key, bytes } of batch.index) database.index.put(key, bytes);
    const commit = new Uint8Array(8 + batch.certificate.length);
    commit.set(numberBytes(batch.firstSlot));
    commit.set(batch.certificate, 8);
    database.commits.put(batch.number, commit);
    database.meta.put("head", batch.head);
    putCounts(database, counts);
  }

  #putPages(pages: readonly PageChange[]): void {
    for (const { key, bytes } of pages) {
      if (bytes === undefined) this.#database.pages.remove(key);
      else this.#database.pages.put(key, bytes);
    }
  }

  /**
   * A transaction that failed may yet have reached the disk (its last write is the one that
   * counts), so nothing is written over it: the next start reads what the disk holds.
   */
  #transact(change: () => void): void {
    try {
      this.#database.transact(change);
    } catch (error) {
      this.#failed = storeFault(error, dirname(this.#entries.path));
      throw this.#failed;
    }
  }

  #row(table: ByteTable<number>, slot: number, missing: string): Uint8Array {
    const known = Number.isInteger(slot) && slot >= 0 && slot < this.#counts.slots;
    invariant(known, "the slot is below the store's size");
    const row = table.get(slot);
    if (row === undefined) throw this.#damaged(slot, missing);
    return row;
  }

  #damaged(slot: number, what: string): Fault {
    return damagedSlot(slot, join(dirname(this.#entries.path), "database"), what);
  }
}

function numberBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

function numberOf(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
}

function placeBytes(place: EntryPlace): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes.set(numberBytes(place.offset));
  new DataView(bytes.buffer).setUint32(8, place.length, true);
  return bytes;
}

function placeOf(bytes: Uint8Array): EntryPlace {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { offset: numberOf(bytes.subarray(0, 8)), length: view.getUint32(8, true) };
}

/** The first key after every key with that prefix; undefined when there is none. */
function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end -= 1;
  if (end === 0) return undefined;
  const after = prefix.slice(0, end);
  after[end - 1] += 1;
  return after;
}

function inChunks<T>(items: Iterable<T>, use: (chunk: readonly T[]) => void): void {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < INDEX_ROWS_PER_TRANSACTION) continue;
    use(chunk);
    chunk = [];
  }
  if (chunk.length > 0) use(chunk);
}
