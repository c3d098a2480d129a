/** A disk that kills its own process at a named step, with half the bytes where it is a write. */

import { machineFiles, openLedgerDatabase } from "../../../src-main/adapters/disk/index.ts";
import type { DiskLedgerNeeds, OpenFile } from "../../../src-main/adapters/disk/index.ts";

/** The steps a commit takes on the disk, in order. */
export const STEPS = [
  "votes write",
  "votes torn",
  "votes sync",
  "votes synced",
  "entries write",
  "entries torn",
  "entries sync",
  "entries synced",
  "transaction begins",
  "transaction half",
  "transaction durable",
] as const;

/** Dies at the `occurrence`-th time (from 1) that the step is reached. */
export function crashingDisk(step: string, occurrence: number): DiskLedgerNeeds {
  let seen = 0;
  const reached = (name: string): void => {
    if (name !== step) return;
    seen += 1;
    if (seen === occurrence) process.kill(process.pid, "SIGKILL");
  };
  const wrap = (name: string, file: OpenFile): OpenFile => ({
    ...file,
    write(position, bytes) {
      reached(`${name} write`);
      const half = Math.floor(bytes.length / 2);
      file.write(position, bytes.subarray(0, half));
      reached(`${name} torn`);
      file.write(position + half, bytes.subarray(half));
    },
    async dataSync() {
      reached(`${name} sync`);
      await file.dataSync();
      reached(`${name} synced`);
    },
  });
  return {
    files: {
      ...machineFiles,
      open: (path) => wrap(path.split("/").pop() as string, machineFiles.open(path)),
    },
    openDatabase(folder) {
      const database = openLedgerDatabase(folder);
      return {
        ...database,
        transact(change) {
          reached("transaction begins");
          database.transact(() => {
            change();
            reached("transaction half");
          });
          reached("transaction durable");
        },
      };
    },
  };
}
