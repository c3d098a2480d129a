/**
 * A process that seals records as fast as they are sealed and, beside that, prunes, exports, takes
 * snapshots or restores one; each thing done is a line, written after it was acknowledged. It waits
 * for a byte on standard input, so that its sources are loaded before its time counts. Arguments:
 * folder, kind of work, seed.
 */

import { readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { folderTarget, zstd } from "../../../src-main/adapters/static-files/index.ts";
import { genesisHash } from "../../../src-main/ledger/index.ts";
import { exportLedger, makeSnapshot, restoreSnapshot } from "../../../src-main/node/index.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";
import { CRYPTO, GENESIS, openNode, OWNER, transfer } from "../node/practice-node.ts";
import type { OpenNode } from "../node/practice-node.ts";
import { SEGMENT_BYTES } from "./kill-rounds.ts";
import type { Work } from "./kill-rounds.ts";

const [folder, work, seed] = process.argv.slice(2) as [string, Work, string];
const random = new SeededRandom(Number(seed));
const ledger = join(folder, "ledger");

const tell = (line: string): void => void writeSync(1, `${line}\n`);

function need<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(JSON.stringify(outcome.rejection));
}

/** What is done beside sealing begins once records are acknowledged. */
const sealing = Promise.withResolvers<void>();

async function submit(open: OpenNode): Promise<never> {
  for (let nonce = open.node.nextNonce(OWNER, 0); ;) {
    const count = BigInt(1 + random.below(40));
    const burst = Array.from({ length: Number(count) }, async (_, at) => {
      const mine = nonce + BigInt(at);
      const { slot } = need(await open.node.submit(transfer(mine)));
      tell(`sealed ${mine} ${slot}`);
      sealing.resolve();
    });
    await Promise.all(burst);
    nonce += count;
  }
}

async function snapshot(open: OpenNode, name: string): Promise<Uint8Array> {
  const { commit, bytes } = need(makeSnapshot(open.store, GENESIS, CRYPTO));
  const target = folderTarget(folder);
  await target.put(name, bytes);
  await target.settle();
  tell(`snapshot ${commit} ${name}`);
  return bytes;
}

async function restore(open: OpenNode): Promise<void> {
  const bytes = await snapshot(open, "snapshot-to-restore");
  const restored = join(folder, "restored");
  tell("removes restored");
  rmSync(restored, { recursive: true, force: true });
  const store = await openDiskLedger({ folder: restored });
  const hash = genesisHash(CRYPTO.hasher, GENESIS);
  tell("begins restore");
  const { commit } = need(await restoreSnapshot(store, bytes, hash, CRYPTO));
  tell(`restored ${commit}`);
  await store.close();
}

async function exportAll(open: OpenNode): Promise<void> {
  const base = { store: open.store, genesis: GENESIS, hasher: CRYPTO.hasher, clock: systemClock };
  const target = folderTarget(join(folder, "export"));
  const exported = await exportLedger({ ...base, compression: zstd, target });
  if (exported.ok) tell(`exported ${exported.value.slots}`);
  else tell(`refused ${exported.rejection.code}`);
}

async function prune(open: OpenNode): Promise<void> {
  const size = open.node.head().size;
  const pruned = await open.node.prune(size - (size % 256n));
  if (pruned.ok) tell(`pruned ${pruned.value.floor}`);
  else tell(`refused ${pruned.rejection.code}`);
}

async function workOn(open: OpenNode): Promise<void> {
  await sealing.promise;
  for (let count = 0; ; count += 1) {
    tell(`begins ${work}`);
    if (work === "prune") await prune(open);
    else if (work === "snapshot") await snapshot(open, `snapshot-${count % 2}`);
    else if (work === "export") await exportAll(open);
    else if (work === "restore") await restore(open);
    else return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

tell("loaded");
// Nobody is there any more to kill it.
if (readSync(0, new Uint8Array(1)) === 0) process.exit(0);
const open = await openNode(ledger, { segmentBytes: SEGMENT_BYTES });
tell("open");
await Promise.all([submit(open), workOn(open)]);
