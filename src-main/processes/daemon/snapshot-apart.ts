/**
 * Decides how the daemon gets a snapshot of its own ledger: from a process beside it, which reads
 * one lmdb transaction while commits go on; reading a whole state takes seconds, in which the
 * daemon would answer nobody.
 */

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { MadeSnapshot } from "../../node/index.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { endedBy } from "./reader-end.ts";
import type { SnapshotWord } from "./snapshot-word.ts";

const MAKER = fileURLToPath(new URL("../snapshot-maker.ts", import.meta.url));

/** Makes snapshots of a folder's ledger until it is stopped. */
export interface SnapshotsApart {
  /** @rejects SNAPSHOT_EARLY, STORE_DAMAGED, PROCESSES_SNAPSHOT */
  readonly make: () => Promise<Outcome<MadeSnapshot>>;
  /** Ends the process that makes one. */
  readonly stop: () => Promise<void>;
}

/** Snapshots of the ledger that this daemon holds open. */
export function snapshotsApart(folder: DataFolder): SnapshotsApart {
  const running = new Set<ChildProcess>();
  return {
    make: () => {
      const child = fork(MAKER, [folder.home, basename(folder.network)], {
        execArgv: [],
        stdio: ["ignore", "pipe", "ignore", "ipc"],
      });
      running.add(child);
      return made(folder, child).finally(() => running.delete(child));
    },
    stop: () => {
      for (const child of running) child.kill("SIGKILL");
      return Promise.resolve();
    },
  };
}

function made(folder: DataFolder, child: ChildProcess): Promise<Outcome<MadeSnapshot>> {
  return new Promise((resolve) => {
    let word: SnapshotWord | undefined;
    const parts: Buffer[] = [];
    child.stdout?.on("data", (part: Buffer) => void parts.push(part));
    child.once("message", (message) => (word = message as SnapshotWord));
    child.once("error", (error) => {
      resolve(reject("PROCESSES_SNAPSHOT", { reason: error.message }));
    });
    child.once("close", (code, signal) => {
      if (word?.ok === false) return resolve(word);
      const held = Buffer.concat(parts);
      const bytes = new Uint8Array(held.buffer, held.byteOffset, held.length);
      if (word?.value.length !== bytes.length) {
        return resolve(endedBy(folder, "PROCESSES_SNAPSHOT", { code, signal }));
      }
      const { commit, slots } = word.value;
      resolve(accept({ commit, slots, bytes }));
    });
  });
}
