/**
 * What a traced process does beside storing commits, known in every process: two long commits, a
 * pruning of the first, a snapshot's file, a store restored from it. Each step is acknowledged by
 * its number.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { folderTarget } from "../../../src-main/adapters/static-files/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import type { CommitBatch, StorePruning } from "../../../src-main/ports/ledger-store.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";

/** Slots of a run, and of the second commit, whose end shares a file with what is pruned. */
const RUN = 256;
const LATER = 40;
const SEGMENT_BYTES = 4_000;

const text = (words: string) => new TextEncoder().encode(words);
const SNAPSHOT = new SeededRandom(11).bytes(9_000);

/** Numbers of the steps after the commits. */
export const STEPS = { commits: 2, pruned: 3, copied: 4, restored: 5 } as const;

const BASE = { slots: RUN, commits: 7, tiles: [], snapshot: SNAPSHOT };

const recordOf = (slot: number) => new SeededRandom(slot + 1).bytes(1 + (slot % 40));

function batch(number: 1 | 2): CommitBatch {
  const firstSlot = number === 1 ? 0 : RUN + LATER;
  const count = number === 1 ? RUN + LATER : LATER;
  const slots = Array.from({ length: count }, (_, at) => firstSlot + at);
  return {
    number,
    firstSlot,
    records: slots.map(recordOf),
    outcomes: slots.map((slot) => text(`outcome ${slot}`)),
    pages: [{ key: text("page"), bytes: text(`after ${number}`) }],
    tiles: [],
    index: [],
    certificate: text(`certificate ${number}`),
    head: text(`head ${number}`),
  };
}

const PRUNING: StorePruning = {
  below: RUN,
  tiles: [{ tree: "vector", level: 0, index: 0, hashes: new Uint8Array(8_192).fill(5) }],
  snapshot: SNAPSHOT,
};

/** Does all of it in a folder. */
export async function takeSteps(folder: string, tell: (step: number) => void): Promise<void> {
  const store = await openDiskLedger({
    folder: join(folder, "ledger"),
    segmentBytes: SEGMENT_BYTES,
  });
  await store.begin(text("genesis"), []);
  for (const number of [1, 2] as const) {
    await store.append(batch(number));
    tell(number);
  }
  await store.prune(PRUNING);
  tell(STEPS.pruned);
  const target = folderTarget(join(folder, "backups"));
  await target.put("ledger.snapshot", SNAPSHOT);
  await target.settle();
  tell(STEPS.copied);
  const restored = await openDiskLedger({ folder: join(folder, "restored") });
  await restored.begin(text("restored"), [{ key: text("page"), bytes: text("of it") }], BASE);
  tell(STEPS.restored);
  await restored.close();
  await store.close();
}

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

/** Opens what survived in a folder: every acknowledged step holds, the next one whole or not. */
export async function expectSteps(folder: string, acknowledged: number): Promise<void> {
  await expectLedger(join(folder, "ledger"), acknowledged);
  const file = join(folder, "backups", "ledger.snapshot");
  const isThere = existsSync(file);
  demand(isThere || acknowledged < STEPS.copied, "the snapshot that was told");
  if (isThere) demand(bytesEqual(readFileSync(file), SNAPSHOT), "the snapshot's bytes");
  if (acknowledged >= STEPS.restored) await expectRestored(join(folder, "restored"));
}

async function expectLedger(folder: string, acknowledged: number): Promise<void> {
  const store = await openDiskLedger({ folder, segmentBytes: SEGMENT_BYTES });
  try {
    const commits = Math.min(acknowledged, STEPS.commits);
    const held = store.size() === 0 ? 0 : store.size() === RUN + LATER ? 1 : 2;
    demand(held === commits || held === commits + 1, `${held} commits of ${commits} told`);
    const { payloads } = store.floors();
    demand(payloads === RUN || acknowledged < STEPS.pruned, "the floor that was told");
    if (payloads > 0) {
      const kept = store.snapshot();
      demand(kept !== undefined && bytesEqual(kept, SNAPSHOT), "the snapshot of the pruning");
      demand(store.tile("vector", 0, 0) !== undefined, "the tile of what was pruned");
    }
    for (let slot = payloads; slot < store.size(); slot += 1) {
      demand(bytesEqual(store.record(slot), recordOf(slot)), `record ${slot}`);
    }
    if (held === 1) await store.append(batch(2));
  } finally {
    await store.close();
  }
}

async function expectRestored(folder: string): Promise<void> {
  const store = await openDiskLedger({ folder });
  try {
    const { slots, commits } = BASE;
    demand(store.size() === slots && store.commits() === commits, "what was restored");
    demand(bytesEqual(store.head() ?? text(""), text("restored")), "its head");
    demand(bytesEqual(store.snapshot() ?? text(""), SNAPSHOT), "its snapshot");
    demand(bytesEqual(store.page(text("page")) ?? text(""), text("of it")), "its state");
  } finally {
    await store.close();
  }
}
