/**
 * Decides how the energy store's lmdb file is opened and which tables it has. Keys are bytes that
 * sort by what comes first in them; every write is one transaction, durable when it returns.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { open } from "lmdb";
import type { Database } from "lmdb";

import { databaseFileState, fillLockFile } from "./database-file.ts";
import { machineFiles } from "./file-layer.ts";
import { DATABASE_TABLES_MAX, ENERGY_MAP_BYTES } from "./limits.ts";
import { onDisk } from "./store-faults.ts";

/** A table from bytes to bytes. */
export interface EnergyTable {
  get(key: Uint8Array): Uint8Array | undefined;
  put(key: Uint8Array, bytes: Uint8Array): void;
  remove(key: Uint8Array): void;
  /** Rows from `start` to before `end`, in the order of keys, or against it. */
  range(
    start: Uint8Array,
    end: Uint8Array,
    options?: { readonly reverse?: boolean; readonly limit?: number },
  ): { readonly key: Uint8Array; readonly bytes: Uint8Array }[];
}

const NAMES = [
  "names", // kind and text → number
  "rows",
  "states",
  "identities",
  "units",
  "unit-times", // start and unit → nothing
  "signals",
  "days",
] as const;

export type EnergyTableName = (typeof NAMES)[number];

/** The open file. */
export interface EnergyTables {
  readonly table: Readonly<Record<EnergyTableName, EnergyTable>>;
  transact(change: () => void): void;
  close(): Promise<void>;
}

/**
 * Opens the file in a folder, making it where there is none. A file that a power cut left before
 * its first sync, or that is no database, is put aside under another name: what was counted in it
 * is lost, and everything that is counted from now on is not.
 * @param onPutAside  told the name it has now
 */
export function openEnergyTables(folder: string, onPutAside: (file: string) => void): EnergyTables {
  const file = join(folder, "data.mdb");
  if (onDisk(file, () => databaseFileState(file)) === "unreadable") {
    const aside = join(folder, "damaged.mdb");
    onDisk(file, () => {
      rmSync(aside, { force: true });
      machineFiles.rename(file, aside);
      rmSync(join(folder, "lock.mdb"), { force: true });
    });
    onPutAside(aside);
  }
  const lockFile = join(folder, "lock.mdb");
  onDisk(lockFile, () => fillLockFile(lockFile));
  const root = onDisk(folder, () =>
    open<Uint8Array, string>({
      path: folder,
      mapSize: ENERGY_MAP_BYTES,
      maxDbs: DATABASE_TABLES_MAX,
      overlappingSync: false,
      encoding: "binary",
      noSubdir: false,
    }),
  );
  onDisk(folder, () => machineFiles.syncFolder(folder));
  const options = { encoding: "binary", keyEncoding: "binary" } as const;
  const opened = NAMES.map((name) => {
    const table = onDisk(folder, () => root.openDB<Uint8Array, Uint8Array>(name, options));
    return [name, tableOf(table, folder)] as const;
  });
  return {
    table: Object.fromEntries(opened) as Record<EnergyTableName, EnergyTable>,
    transact: (change) => onDisk(folder, () => void root.transactionSync(change)),
    close: () => root.close(),
  };
}

function tableOf(table: Database<Uint8Array, Uint8Array>, folder: string): EnergyTable {
  return {
    get: (key) =>
      onDisk(folder, () => {
        const read = table.get(key);
        return read === undefined ? undefined : new Uint8Array(read);
      }),
    put: (key, bytes) => table.putSync(key, bytes),
    remove: (key) => table.removeSync(key),
    range: (start, end, { reverse = false, limit } = {}) =>
      onDisk(folder, () => {
        const found: { key: Uint8Array; bytes: Uint8Array }[] = [];
        // Against the order lmdb wants the greater bound first, and takes it in.
        const bounds = reverse ? { start: end, end: start, reverse } : { start, end };
        const most = limit === undefined ? {} : { limit };
        for (const { key, value } of table.getRange({ ...bounds, ...most })) {
          found.push({ key: new Uint8Array(key), bytes: new Uint8Array(value) });
        }
        return found;
      }),
  };
}
