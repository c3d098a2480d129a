/**
 * Decides what a recorded trace is checked for: at each of its calls the power is cut, what could
 * have survived is rebuilt in a folder, and the store must open on it with everything it had
 * acknowledged, and go on.
 */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { SimulatedDisk } from "./simulated-disk.ts";
import type { DiskNode } from "./simulated-disk.ts";
import { slotsUpTo, storeCommit } from "./store-commits.ts";
import { replay } from "./write-trace.ts";
import type { TracedCall } from "./write-trace.ts";

/** Whether a call is about lmdb's data file. */
export function isData(call: TracedCall): boolean {
  return "path" in call && call.path.endsWith("data.mdb");
}

/** What a planted fault makes of a call. */
export const PLANTS: Readonly<Record<string, (call: TracedCall) => readonly TracedCall[]>> = {
  "the data's sync": (call) => (isData(call) && call.kind === "sync" ? [] : [call]),
  "the meta page's write-through": (call) =>
    call.kind === "write" && call.synced ? [{ ...call, synced: false }] : [call],
  "the sync of the database's name": (call) =>
    call.kind === "sync" && call.path.endsWith("database") ? [] : [call],
  "the sync of the entries": (call) =>
    call.kind === "sync" && /\/entries(-\d+)?$/.test(call.path) ? [] : [call],
  "the sync of the snapshots": (call) =>
    call.kind === "sync" && /snapshot\.part/.test(call.path) ? [] : [call],
  "the sync of the snapshot file's name": (call) =>
    call.kind === "sync" && call.path.endsWith("/backups") ? [] : [call],
  "the sync of the copied entries": (call) =>
    call.kind === "sync" && /\/entries-\d+$/.test(call.path) ? [] : [call],
  "the sync of the entry files' names": (call) =>
    call.kind === "sync" && call.path.endsWith("/traced") ? [] : [call],
};

/** Puts what survived into a folder of this machine; locks are made anew. */
function restore(node: DiskNode, path: string): void {
  if (node.kind === "file") writeFileSync(path, node.durable);
  else {
    mkdirSync(path, { recursive: true });
    for (const [name, inner] of node.durable) {
      if (!name.startsWith("lock")) restore(inner, join(path, name));
    }
  }
}

/** Looks at what survived in a folder, with the newest step that was acknowledged. */
export type ExpectKept = (at: string, acknowledged: number) => Promise<void>;

/** Opens what survived: everything acknowledged is there, the next commit too or not at all. */
export async function expectCommits(at: string, acknowledged: number): Promise<void> {
  const store = await openDiskLedger({ folder: at });
  try {
    const held = [acknowledged, acknowledged + 1].find((n) => slotsUpTo(n) === store.size());
    if (held === undefined) throw new Error(`${store.size()} slots, ${acknowledged} commits told`);
    for (let number = 1; number <= held; number += 1) {
      const { firstSlot, records, outcomes, certificate } = storeCommit(number);
      const stored = records.map((_, index) => store.record(firstSlot + index));
      const told = outcomes.map((_, index) => store.outcome(firstSlot + index));
      const same =
        records.every((record, index) => bytesEqual(record, stored[index])) &&
        outcomes.every((outcome, index) => bytesEqual(outcome, told[index])) &&
        bytesEqual(certificate, store.commit(number)?.certificate ?? new Uint8Array(0));
      if (!same) throw new Error(`commit ${number} is not what was stored`);
    }
    const pages = [...store.pages()].length;
    const due = held === 0 ? 0 : Math.min(held, 2) + 1;
    if (pages !== due) throw new Error(`${pages} pages of ${due}`);
    await store.append(storeCommit(held + 1));
  } finally {
    await store.close();
  }
}

/** Where a trace comes from, and how often it is cut. */
export interface TraceCuts {
  readonly folder: string;
  /** Folder for what is rebuilt. */
  readonly root: string;
  readonly seeds: number;
  readonly expect?: ExpectKept;
}

/** Cuts at every call of the trace; answers the rounds. Throws with the call and the seed. */
export async function cutTrace(
  trace: readonly TracedCall[],
  { folder, root, seeds, expect = expectCommits }: TraceCuts,
): Promise<number> {
  const disk = new SimulatedDisk();
  let acknowledged = 0;
  let rounds = 0;
  for (const [at, call] of trace.entries()) {
    replay(disk, call, folder);
    if (call.kind === "acknowledged") acknowledged = call.number;
    for (let seed = 1; seed <= seeds; seed += 1) {
      try {
        const rebuilt = join(root, `rebuilt-${at}-${seed}`);
        restore(disk.afterCut(1_000 * at + seed).root, rebuilt);
        await expect(rebuilt, acknowledged);
        rmSync(rebuilt, { recursive: true });
      } catch (error) {
        const where = `call ${at} (${call.kind}), seed ${1_000 * at + seed}`;
        throw new Error(`${where}: ${String(error)}`, { cause: error });
      }
      rounds += 1;
    }
  }
  return rounds;
}
