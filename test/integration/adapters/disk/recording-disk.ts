/**
 * A disk that writes down every call in order, can lose what was not synced, and can refuse any
 * step; the database is recorded beside the files.
 */

import { machineFiles, openLedgerDatabase } from "../../../../src-main/adapters/disk/index.ts";
import type {
  FileLayer,
  LedgerDatabase,
  OpenFile,
} from "../../../../src-main/adapters/disk/index.ts";

export interface RecordingDisk {
  readonly files: FileLayer;
  readonly openDatabase: (folder: string) => LedgerDatabase;
  /** Calls so far, such as "entries write", "entries sync", "transaction". */
  readonly calls: string[];
  /** Throws this error at the next call of that name. */
  refuse(call: string, code: string): void;
  /** The planted fault: syncs are claimed, not made. */
  skipSyncs: boolean;
}

export function recordingDisk(): RecordingDisk {
  const calls: string[] = [];
  const refusals = new Map<string, string>();
  const state = { skipSyncs: false };
  const note = (call: string) => {
    const code = refusals.get(call);
    refusals.delete(call);
    if (code !== undefined) throw Object.assign(new Error(`${code}: refused`), { code });
    calls.push(call);
  };
  const wrap = (name: string, file: OpenFile): OpenFile => ({
    ...file,
    write(position, bytes) {
      note(`${name} write`);
      file.write(position, bytes);
    },
    async dataSync() {
      if (state.skipSyncs) return;
      note(`${name} sync`);
      await file.dataSync();
    },
    truncate(size) {
      note(`${name} cut`);
      file.truncate(size);
    },
  });
  return {
    calls,
    files: {
      ...machineFiles,
      open: (path) => wrap(path.split("/").pop() as string, machineFiles.open(path)),
      makeFolder(path) {
        note("make folder");
        machineFiles.makeFolder(path);
      },
    },
    openDatabase(folder) {
      const database = openLedgerDatabase(folder);
      return {
        ...database,
        transact(change) {
          note("transaction begins");
          database.transact(change);
          note("transaction durable");
        },
      };
    },
    refuse: (call, code) => void refusals.set(call, code),
    get skipSyncs() {
      return state.skipSyncs;
    },
    set skipSyncs(skip: boolean) {
      state.skipSyncs = skip;
    },
  };
}

/** Whether no transaction begins and nothing is acknowledged over record bytes not yet synced. */
export function orderHolds(calls: readonly string[]): boolean {
  let unsynced = false;
  for (const call of calls) {
    if (call === "entries write") unsynced = true;
    if (call === "entries sync") unsynced = false;
    if (unsynced && (call === "transaction begins" || call === "acknowledged")) return false;
  }
  return true;
}
