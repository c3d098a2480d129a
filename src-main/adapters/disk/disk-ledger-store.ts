/**
 * Decides the write order of a commit (ARCHITECTURE.md section 6, "Store"): append the record bytes
 * and fdatasync; one durable lmdb transaction; acknowledge. Tiles move to files later. The size in
 * lmdb is the truth: a longer entry file is cut, a shorter one is damage with a named slot.
 */

import { join } from "node:path";
import { concatBytes } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import { STORE_APPEND_MAX } from "../../ports/ledger-store.ts";
import type {
  CommitBatch,
  IndexRow,
  LedgerStore,
  PageChange,
  StoreBase,
  StoreFloors,
  StorePruning,
  TilePart,
  TreeName,
} from "../../ports/ledger-store.ts";
import { damagedSlot } from "./entry-file.ts";
import { putPlaces, runOf, runStart } from "./entry-runs.ts";
import type { Appended, EntrySegments } from "./entry-segments.ts";
import { replaceFile } from "./file-layer.ts";
import type { FileLayer } from "./file-layer.ts";
import type { FolderLock } from "./folder-lock.ts";
import type { LedgerDatabase } from "./ledger-database.ts";
import { RUN_SLOTS } from "./limits.ts";
import { PlaceCache } from "./place-cache.ts";
import { PageShelf } from "./page-shelf.ts";
import type { PreparedPages } from "./page-shelf.ts";
import { onDisk, storeFault } from "./store-faults.ts";
import { numberOf, numbers, putCounts } from "./store-meta.ts";
import type { Counts } from "./store-meta.ts";
import { TileShelf } from "./tile-shelf.ts";

/** What the store began from or was pruned with; in a file, because it may be large. */
export const SNAPSHOT_FILE = "snapshot";

/** What an open store works with. */
export interface StoreParts {
  readonly files: FileLayer;
  readonly folder: string;
  readonly database: LedgerDatabase;
  readonly entries: EntrySegments;
  readonly lock: FolderLock;
  readonly counts: Counts;
  readonly retention: number;
  readonly waitingMax: number;
}

/** The store over its open parts. */
export class DiskLedgerStore implements LedgerStore {
  readonly #files: FileLayer;
  readonly #folder: string;
  readonly #database: LedgerDatabase;
  readonly #entries: EntrySegments;
  readonly #tiles: TileShelf;
  readonly #places: PlaceCache;
  readonly #pages: PageShelf;
  readonly #lock: FolderLock;
  #counts: Counts;
  #writing = false;
  #failed: Fault | undefined;
  #closed = false;
  /** The write under way; a pruning and a commit wait for each other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: StoreParts) {
    this.#files = parts.files;
    this.#folder = parts.folder;
    this.#database = parts.database;
    this.#entries = parts.entries;
    this.#tiles = new TileShelf(parts.files, join(parts.folder, "tiles"), parts.database);
    this.#lock = parts.lock;
    this.#counts = parts.counts;
    this.#places = new PlaceCache(parts.database.places);
    this.#pages = new PageShelf(parts);
  }

  size(): number {
    return this.#counts.slots;
  }

  commits(): number {
    return this.#counts.commits;
  }

  floors(): StoreFloors {
    return this.#counts.floors;
  }

  snapshot(): Uint8Array | undefined {
    const path = join(this.#folder, SNAPSHOT_FILE);
    return onDisk(path, () => this.#files.readWhole(path));
  }

  head(): Uint8Array | undefined {
    return this.#database.meta.get("head");
  }

  async begin(head: Uint8Array, pages: readonly PageChange[], base?: StoreBase): Promise<void> {
    invariant(this.head() === undefined, "only a new store begins");
    if (base !== undefined) await this.#keepSnapshot(base.snapshot);
    const { slots, commits } = base ?? { slots: 0, commits: 0 };
    const floors = { payloads: slots, hashes: slots, commits };
    const segments = [{ file: 0, start: 0, firstSlot: slots }];
    const counts = { ...this.#counts, slots, commits, floors, segments };
    this.#transact(() => {
      this.#pages.begin(commits, pages);
      for (const tile of base?.tiles ?? []) this.#tiles.put(tile);
      this.#database.meta.put("head", head);
      putCounts(this.#database, counts);
    });
    this.#counts = counts;
  }

  async append(batch: CommitBatch): Promise<void> {
    const { records, firstSlot } = batch;
    invariant(!this.#writing && !this.#closed, "one commit is stored at a time, while open");
    invariant(firstSlot === this.#counts.slots, "a commit follows the stored ones");
    invariant(batch.number === this.#counts.commits + 1, "commits are stored in order");
    invariant(records.length > 0 && records.length <= STORE_APPEND_MAX, "a commit has its size");
    invariant(records.length === batch.outcomes.length, "every record has an outcome");
    if (this.#failed !== undefined) throw this.#failed;
    this.#writing = true;
    try {
      await this.#inTurn(async () => {
        // A failed append leaves bytes that nothing counts: overwritten or cut at the next start.
        const appending = this.#entries.append(this.#counts, firstSlot, records);
        const [pages, appended] = await this.#prepared(batch, appending);
        const { entryBytes, segments } = appended;
        const slots = firstSlot + records.length;
        const counts = { ...this.#counts, slots, entryBytes, segments, commits: batch.number };
        this.#transact(() => this.#write(batch, appended, counts, pages));
        this.#pages.take();
        this.#counts = counts;
      });
    } finally {
      this.#writing = false;
    }
  }

  prune({ below, tiles, snapshot }: StorePruning): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#failed !== undefined) throw this.#failed;
      const { floors, slots } = this.#counts;
      invariant(!this.#closed && below % RUN_SLOTS === 0, "whole runs are pruned, while open");
      invariant(below > floors.payloads && below <= slots, "a floor only rises");
      await this.#keepSnapshot(snapshot);
      const row = below < slots ? this.#database.places.get(runOf(below)) : undefined;
      if (below < slots && row === undefined) throw this.#damaged(below, "its place is not known");
      const start = row === undefined ? this.#counts.entryBytes : runStart(row);
      const before = this.#counts.segments;
      const segments = await this.#entries.without(this.#counts, start, below);
      const counts = { ...this.#counts, floors: { ...floors, payloads: below }, segments };
      this.#transact(() => {
        for (const tile of tiles) this.#tiles.put(tile);
        for (let run = runOf(floors.payloads); run < runOf(below); run += 1) {
          this.#database.places.remove(run);
        }
        putCounts(this.#database, counts);
      });
      this.#counts = counts;
      this.#entries.drop(before.filter((each) => !segments.includes(each)));
    });
  }

  record(slot: number): Uint8Array {
    this.#needSlot(slot, this.#counts.floors.payloads);
    const place = this.#places.get(slot);
    if (place === undefined) throw this.#damaged(slot, "its place is not known");
    if (place === false) throw this.#damaged(slot, "its place is malformed");
    return this.#entries.read(this.#counts.segments, slot, place);
  }

  outcome(slot: number): Uint8Array {
    this.#needSlot(slot, this.#counts.floors.hashes);
    const row = this.#database.outcomes.get(slot);
    if (row === undefined) throw this.#damaged(slot, "its outcome is not there");
    return row;
  }

  page(key: Uint8Array): Uint8Array | undefined {
    return this.#pages.page(key);
  }

  pageAt(commit: number, key: Uint8Array): Uint8Array | undefined {
    return this.#pages.pageAt(commit, this.#counts.commits, key);
  }

  pagesAt(commit: number): Iterable<{ readonly key: Uint8Array; readonly bytes: Uint8Array }> {
    return this.#pages.pagesAt(commit, this.#counts.commits);
  }

  oldestState(): number {
    return this.#pages.oldest;
  }

  pages(): Iterable<{ readonly key: Uint8Array; readonly bytes: Uint8Array }> {
    return this.#pages.pages();
  }

  commit(number: number): { firstSlot: number; certificate: Uint8Array } | undefined {
    const row = this.#database.commits.get(number);
    if (row === undefined || row.length < 8) return undefined;
    return { firstSlot: numberOf(row.subarray(0, 8)), certificate: row.slice(8) };
  }

  tile(tree: TreeName, level: number, index: number): Uint8Array | undefined {
    return this.#tiles.get(tree, level, index);
  }

  tilePart(place: TilePart): Uint8Array | undefined {
    return this.#tiles.part(place);
  }

  settleTiles(): Promise<void> {
    return this.#tiles.settle();
  }

  index(prefix: Uint8Array, limit: number, after?: Uint8Array): IndexRow[] {
    // The next key after one is that one and a zero byte.
    const from = after === undefined ? prefix : concatBytes(after, Uint8Array.of(0));
    return [...this.#database.index.range(from, afterPrefix(prefix), limit)];
  }

  replaceIndex(rows: Iterable<IndexRow>): Promise<void> {
    const { index } = this.#database;
    // One transaction: where the log's beginning is pruned, some rows cannot be derived again.
    this.#transact(() => {
      for (const { key } of [...index.range()]) index.remove(key);
      for (const { key, bytes } of rows) index.put(key, bytes);
    });
    return Promise.resolve();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#entries.close();
    this.#tiles.close();
    await this.#database.close();
    this.#lock.release();
  }

  /** What the commit changes in the pages, made while the disk syncs its records. */
  async #prepared<T>(
    { number, pages }: CommitBatch,
    appending: Promise<T>,
  ): Promise<[PreparedPages, T]> {
    try {
      return [this.#pages.prepare(number, pages), await appending];
    } catch (error) {
      // Whatever fails, nothing else begins while the file is written to.
      await appending.catch(() => undefined);
      throw error;
    }
  }

  #write(batch: CommitBatch, appended: Appended, counts: Counts, pages: PreparedPages): void {
    const database = this.#database;
    const lengths = batch.records.map((record) => record.length);
    putPlaces(database.places, batch.firstSlot, appended.offset, lengths);
    for (const [index, outcome] of batch.outcomes.entries()) {
      database.outcomes.put(batch.firstSlot + index, outcome);
    }
    this.#pages.keep(pages);
    for (const tile of batch.tiles) this.#tiles.put(tile);
    for (const { key, bytes } of batch.index) database.index.put(key, bytes);
    const commit = new Uint8Array(8 + batch.certificate.length);
    commit.set(numbers([batch.firstSlot]));
    commit.set(batch.certificate, 8);
    database.commits.put(batch.number, commit);
    database.meta.put("head", batch.head);
    putCounts(database, counts);
  }

  async #keepSnapshot(bytes: Uint8Array): Promise<void> {
    const path = join(this.#folder, SNAPSHOT_FILE);
    try {
      await replaceFile(this.#files, this.#folder, path, bytes);
    } catch (error) {
      throw storeFault(error, path);
    }
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(task, task);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  /**
   * A transaction that failed may yet have reached the disk (its last write is the one that
   * counts), so nothing is written over it: the next start reads what the disk holds.
   */
  #transact(change: () => void): void {
    try {
      this.#database.transact(change);
    } catch (error) {
      this.#failed = storeFault(error, this.#folder);
      throw this.#failed;
    }
  }

  #needSlot(slot: number, floor: number): void {
    const known = Number.isInteger(slot) && slot >= 0 && slot < this.#counts.slots;
    invariant(known, "the slot is below the store's size");
    if (slot >= floor) return;
    throw new Fault("STORE_PRUNED", `slot ${slot} is below ${floor}`, { slot, floor });
  }

  #damaged(slot: number, what: string): Fault {
    return damagedSlot(slot, join(this.#folder, "database"), what);
  }
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
