/**
 * Decides how a ledger's folder is opened: locked, of this format, with every byte that its
 * database counts; what a step that was cut off left behind goes.
 */

import { dirname, join } from "node:path";
import type { LedgerReader, LedgerStore } from "../../ports/ledger-store.ts";
import { DiskLedgerStore, SNAPSHOT_FILE } from "./disk-ledger-store.ts";
import { damagedSlot } from "./entry-file.ts";
import { placeIn, runOf } from "./entry-runs.ts";
import { EntrySegments } from "./entry-segments.ts";
import { machineFiles, makeDurableFolder } from "./file-layer.ts";
import type { FileLayer } from "./file-layer.ts";
import { lockFolder } from "./folder-lock.ts";
import type { FolderLock } from "./folder-lock.ts";
import { openLedgerDatabase, readLedgerDatabase } from "./ledger-database.ts";
import type { LedgerDatabase } from "./ledger-database.ts";
import { ENTRY_SEGMENT_BYTES, STATE_RETENTION, WAITING_COMMITS_MAX } from "./limits.ts";
import { placeRepaired } from "./repaired-folder.ts";
import { onDisk } from "./store-faults.ts";
import { needVersion, NOTHING, putCounts, putVersion, readCounts } from "./store-meta.ts";
import type { Counts } from "./store-meta.ts";

/** Where a ledger's store stands. */
export interface DiskLedgerOptions {
  /** Folder of the ledger's files, made where there is none. */
  readonly folder: string;
  /** File whose lock guards the folder and its neighbours; `<folder>/lock` unless given. */
  readonly lockFile?: string;
  /** Commits before the newest whose state can be read; 256 unless given, 0 keeps none. */
  readonly stateRetention?: number;
  /** Commits whose pages wait to be carried into their table together; 64 unless given. */
  readonly waitingCommits?: number;
  /** Bytes after which another entry file is begun; 256 MiB unless given. */
  readonly segmentBytes?: number;
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
  const segmentBytes = options.segmentBytes ?? ENTRY_SEGMENT_BYTES;
  const entries = new EntrySegments(files, folder, segmentBytes);
  try {
    onDisk(folder, () => placeRepaired(files, folder));
    const snapshot = join(folder, SNAPSHOT_FILE);
    const holdsNothing = !entries.holdsEntries() && !onDisk(snapshot, () => files.exists(snapshot));
    const openDatabase = needs.openDatabase ?? openLedgerDatabase;
    database = openDatabase(join(folder, "database"), holdsNothing);
    // Before anything is acknowledged, and again in case a killed process came no further.
    onDisk(folder, () => files.syncFolder(folder));
    const counts = await prepare({ folder, database, entries, holdsNothing });
    const retention = options.stateRetention ?? STATE_RETENTION;
    const waitingMax = options.waitingCommits ?? WAITING_COMMITS_MAX;
    const parts = { files, folder, database, entries, lock, counts, retention, waitingMax };
    return new DiskLedgerStore(parts);
  } catch (error) {
    entries.close();
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
  const database = readLedgerDatabase(join(folder, "database"));
  const version = database.meta.get("version");
  if (version === undefined) throw damagedSlot(0, folder, "the database holds no ledger");
  needVersion(folder, version);
  const counts = readCounts(database, folder);
  const entries = new EntrySegments(machineFiles, folder, ENTRY_SEGMENT_BYTES);
  entries.hold(counts.segments);
  const lock: FolderLock = { release: () => {} };
  const parts = { files: machineFiles, folder, database, entries, lock, counts };
  const pages = { retention: STATE_RETENTION, waitingMax: WAITING_COMMITS_MAX };
  return new DiskLedgerStore({ ...parts, ...pages });
}

interface Found {
  readonly folder: string;
  readonly database: LedgerDatabase;
  readonly entries: EntrySegments;
  readonly holdsNothing: boolean;
}

async function prepare({ folder, database, entries, holdsNothing }: Found): Promise<Counts> {
  const version = database.meta.get("version");
  if (version === undefined) {
    if (!holdsNothing) {
      // Records without their database: beginning anew would destroy what is left.
      throw damagedSlot(0, folder, "the database is gone while records are there");
    }
    await entries.begin();
    database.transact(() => {
      putVersion(database);
      putCounts(database, NOTHING);
    });
    return NOTHING;
  }
  needVersion(folder, version);
  const counts = readCounts(database, folder);
  entries.check(counts, (slot) => {
    const row = database.places.get(runOf(slot));
    return row === undefined ? undefined : placeIn(row, slot);
  });
  entries.clear(counts);
  return counts;
}
