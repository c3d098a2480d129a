/**
 * Decides how one lmdb file holds everything of a ledger but the records: places of the entries,
 * outcomes, pages, tiles at the right edge, certificates, local indexes and the head. One
 * transaction per commit, durable when it returns.
 *
 * lmdb's default, `overlappingSync`, lets a transaction be seen before it is on the disk, and a
 * crash could take back what was acknowledged; here it is off. `transactionSync` then returns after
 * the data was synced and the meta page was written through. It blocks for that sync, which a
 * commit waits for anyway.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { open } from "lmdb";
import type { Database, RootDatabase, Transaction } from "lmdb";
import { Fault, invariant } from "../../contract/outcome.ts";
import { LOOPED_BYTES } from "./copy-bytes.ts";
import { databaseFileState, fillLockFile } from "./database-file.ts";
import { machineFiles } from "./file-layer.ts";
import { DATABASE_MAP_BYTES, DATABASE_TABLES_MAX } from "./limits.ts";
import { onDisk, storeFault } from "./store-faults.ts";

/** A table with keys K; values are bytes. */
export interface ByteTable<K> {
  get(key: K): Uint8Array | undefined;
  /** Only within `transact`. */
  put(key: K, bytes: Uint8Array): void;
  /** Only within `transact`. */
  remove(key: K): void;
  /** Rows from `start` (all from the first when undefined) to before `end`, ascending. */
  range(start?: K, end?: K, limit?: number): Iterable<{ key: K; bytes: Uint8Array }>;
}

/** The tables of a ledger. */
export interface LedgerDatabase {
  readonly meta: ByteTable<string>;
  /** Number of a run of 256 slots → where its entries stand (`entry-runs.ts`). */
  readonly places: ByteTable<number>;
  readonly outcomes: ByteTable<number>;
  readonly tiles: ByteTable<Uint8Array>;
  /** Commit number → u64 first slot ‖ certificate. */
  readonly commits: ByteTable<number>;
  readonly index: ByteTable<Uint8Array>;
  /** Pages as the last commit that was carried left them (`page-shelf.ts`). */
  readonly pages: ByteTable<Uint8Array>;
  /** Commit → what it changed in the pages (`page-changes.ts`). */
  readonly deltas: ByteTable<number>;
  /** Everything `change` does, or nothing; durable when it returns, else a Fault. */
  transact(change: () => void): void;
  close(): Promise<void>;
}

/**
 * Opens the database in its folder, making it where there is none.
 * @param holdsNothing  no record was ever acknowledged, so that a file which a power cut left
 *                      before its first sync is made anew
 * Throws Fault STORE_DAMAGED for a file that is no database, and those of the disk.
 */
export function openLedgerDatabase(folder: string, holdsNothing = false): LedgerDatabase {
  const file = join(folder, "data.mdb");
  if (onDisk(file, () => databaseFileState(file)) === "unreadable") {
    if (!holdsNothing) throw new Fault("STORE_DAMAGED", `${file} is no database`, { file });
    onDisk(file, () => rmSync(file));
  }
  const lockFile = join(folder, "lock.mdb");
  onDisk(lockFile, () => fillLockFile(lockFile));
  const root = onDisk(folder, () =>
    open<Uint8Array, string>({
      path: folder,
      mapSize: DATABASE_MAP_BYTES,
      maxDbs: DATABASE_TABLES_MAX,
      overlappingSync: false,
      encoding: "binary",
      noSubdir: false,
    }),
  );
  // lmdb syncs its file's bytes and never the file's name.
  onDisk(folder, () => machineFiles.syncFolder(folder));
  return {
    ...tablesOf(root, folder, () => undefined),
    transact: (change) => onDisk(folder, () => void root.transactionSync(change)),
    close: () => root.close(),
  };
}

/**
 * Opens the database that another process holds, as its last transaction left it: later ones are
 * not seen. Nothing is written, not even what a power cut left out of the file.
 * Throws Fault STORE_DAMAGED for a file that is no database, and those of the disk.
 */
export function readLedgerDatabase(folder: string): LedgerDatabase {
  const file = join(folder, "data.mdb");
  if (onDisk(file, () => databaseFileState(file, { mend: false })) !== "readable") {
    throw new Fault("STORE_DAMAGED", `${file} is no database`, { file });
  }
  const root = onDisk(folder, () =>
    open<Uint8Array, string>({
      path: folder,
      mapSize: DATABASE_MAP_BYTES,
      maxDbs: DATABASE_TABLES_MAX,
      encoding: "binary",
      noSubdir: false,
      readOnly: true,
    }),
  );
  const reads: { transaction?: Transaction } = {};
  const tables = tablesOf(root, folder, () => reads.transaction);
  // Begun once every table is open: a transaction sees the tables that were known before it.
  const transaction = onDisk(folder, () => root.useReadTransaction());
  reads.transaction = transaction;
  return {
    ...tables,
    transact: () => invariant(false, "a database that is only read takes no transaction"),
    close: () => {
      transaction.done();
      return root.close();
    },
  };
}

type Root = RootDatabase<Uint8Array, string>;
/** The transaction that reads see; undefined for the newest at each read. */
type Seen = () => Transaction | undefined;

function tablesOf(
  root: Root,
  folder: string,
  seen: Seen,
): Omit<LedgerDatabase, "transact" | "close"> {
  return {
    meta: textTable(root, folder, seen, "meta"),
    places: numberTable(root, folder, seen, "places"),
    outcomes: numberTable(root, folder, seen, "outcomes"),
    pages: bytesTable(root, folder, seen, "pages"),
    tiles: bytesTable(root, folder, seen, "tiles"),
    commits: numberTable(root, folder, seen, "commits"),
    index: bytesTable(root, folder, seen, "index"),
    deltas: numberTable(root, folder, seen, "deltas"),
  };
}

function textTable(root: Root, folder: string, seen: Seen, name: string): ByteTable<string> {
  const table = onDisk(folder, () => root.openDB<Uint8Array, string>(name, { encoding: "binary" }));
  return tableOf(table, folder, seen, (key) => key);
}

function numberTable(root: Root, folder: string, seen: Seen, name: string): ByteTable<number> {
  const table = onDisk(folder, () => root.openDB<Uint8Array, number>(name, { encoding: "binary" }));
  return tableOf(table, folder, seen, (key) => key);
}

function bytesTable(root: Root, folder: string, seen: Seen, name: string): ByteTable<Uint8Array> {
  const options = { encoding: "binary", keyEncoding: "binary" } as const;
  const table = onDisk(folder, () => root.openDB<Uint8Array, Uint8Array>(name, options));
  return tableOf(table, folder, seen, (key) => new Uint8Array(key));
}

function tableOf<K extends string | number | Uint8Array>(
  table: Database<Uint8Array, K>,
  folder: string,
  seen: Seen,
  copyKey: (key: K) => K,
): ByteTable<K> {
  const within = () => {
    const transaction = seen();
    return transaction === undefined ? {} : { transaction };
  };
  return {
    get(key) {
      try {
        const transaction = seen();
        if (transaction !== undefined) return plainBytes(table.get(key, { transaction }));
        const read = table.getBinaryFast(key);
        return read === undefined ? undefined : ownCopy(read);
      } catch (error) {
        throw storeFault(error, folder);
      }
    },
    put: (key, bytes) => table.putSync(key, bytes),
    remove: (key) => table.removeSync(key),
    *range(start, end, limit) {
      const bounds = {
        ...within(),
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
        ...(limit === undefined ? {} : { limit }),
      };
      try {
        for (const { key, value } of table.getRange(bounds)) {
          yield { key: copyKey(key), bytes: new Uint8Array(value) };
        }
      } catch (error) {
        throw storeFault(error, folder);
      }
    },
  };
}

/** lmdb's own copy as plain bytes. */
function plainBytes(copy: Uint8Array | undefined): Uint8Array | undefined {
  return copy && new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
}

/** lmdb reads into memory that the next read uses again; its length is that of what was read. */
function ownCopy(read: Uint8Array): Uint8Array {
  const { length } = read;
  const own = new Uint8Array(length);
  // Not `copyBytes`: it copies plain bytes alone, and a Buffer among them makes it slow for all.
  if (length > LOOPED_BYTES) own.set(read.subarray(0, length));
  else for (let at = 0; at < length; at += 1) own[at] = read[at];
  return own;
}
