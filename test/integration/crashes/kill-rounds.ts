/** Decides how a round of `kill -9` goes: a loaded child, when it dies, and what must be there. */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folderSource, zstd } from "../../../src-main/adapters/static-files/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { genesisHash } from "../../../src-main/ledger/index.ts";
import { readSnapshot, verifyExport } from "../../../src-main/node/index.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";
import { CRYPTO, GENESIS, openNode, STRANGER, transfer } from "../node/practice-node.ts";

/** What a child does beside sealing. */
export const WORKS = ["load", "prune", "snapshot", "export", "restore"] as const;
export type Work = (typeof WORKS)[number];

/** Some 60 records, so that every round begins new entry files. */
export const SEGMENT_BYTES = 16_384;

const HASH = genesisHash(CRYPTO.hasher, GENESIS);

/** What a ledger's children were told over all rounds. */
export class Told {
  /** Nonce to slot. */
  readonly sealed = new Map<bigint, bigint>();
  floor = 0;
  exported = 0;
  readonly snapshots = new Map<string, number>();
  /** Commit of the ledger that was restored last; 0 while another restoring is under way. */
  restored = 0;

  take(line: string): void {
    const [what, first, second] = line.split(" ");
    if (what === "sealed") this.sealed.set(BigInt(first), BigInt(second));
    else if (what === "pruned") this.floor = Number(first);
    else if (what === "exported") this.exported = Number(first);
    else if (what === "snapshot") this.snapshots.set(second, Number(first));
    else if (what === "restored") this.restored = Number(first);
    else if (line === "removes restored") this.restored = 0;
  }
}

/** A child that has loaded its sources and waits. */
export interface LoadedChild {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly work: Work;
  readonly seed: number;
  readonly loaded: Promise<void>;
}

/** Starts a child for a round; it does nothing before `runRound`. */
export function startChild(folder: string, seed: number): LoadedChild {
  const work = WORKS[seed % WORKS.length];
  const script = join(import.meta.dirname, "loaded-child.ts");
  const child = spawn(process.execPath, [script, folder, work, String(seed)]);
  child.stdin.on("error", () => undefined);
  const loaded = new Promise<void>((resolve) => {
    child.stdout.once("data", () => resolve());
    child.once("close", () => resolve());
  });
  return { child, folder, work, seed, loaded };
}

/** How long a kind of work takes, about: the child dies within it, or shortly after. */
const LATEST_MS: Readonly<Record<Work, number>> = {
  load: 250,
  prune: 60,
  snapshot: 60,
  export: 200,
  restore: 60,
};

/** At which word the clock starts, and how long after it the child dies. */
function deathOf(work: Work, random: SeededRandom): { word: string; afterMs: number } {
  // One in four dies while it opens the folder or shortly after.
  if (random.once(4)) return { word: "", afterMs: random.below(120) };
  return { word: `begins ${work}`, afterMs: random.below(LATEST_MS[work]) };
}

/** Lets the child work until it is killed; answers what it was told in the round. */
export async function runRound({ child, work, seed }: LoadedChild, told: Told): Promise<number> {
  const { word, afterMs } = deathOf(work, new SeededRandom(seed));
  let rest = "";
  let errors = "";
  let isDying = false;
  let count = 0;
  const die = (): void => {
    if (isDying) return;
    isDying = true;
    setTimeout(() => child.kill("SIGKILL"), afterMs);
  };
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      count += line.startsWith("sealed ") ? 1 : 0;
      told.take(line);
      if (line === word) die();
    }
  });
  const closed = new Promise<unknown>((resolve) => child.once("close", (_, by) => resolve(by)));
  child.stdin?.write("\n");
  if (word === "") die();
  const signal = await closed;
  if (signal !== "SIGKILL" || errors !== "") throw new Error(`the child ended: ${errors}`);
  return count;
}

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

/** Starts on the folder as its owner would: everything acknowledged is there and verifies. */
export async function expectWhole(folder: string, told: Told): Promise<void> {
  const open = await openNode(join(folder, "ledger"), { segmentBytes: SEGMENT_BYTES });
  try {
    const { payloads } = open.node.floors();
    demand(payloads >= told.floor, `pruned below ${told.floor}, found ${payloads}`);
    for (const [nonce, slot] of told.sealed) {
      const outcome = open.node.outcome(slot);
      demand(outcome.ok && outcome.value.code === "", `outcome of slot ${slot}`);
      if (slot < BigInt(payloads)) continue;
      const record = open.node.record(slot);
      const same = record.ok && bytesEqual(record.value, transfer(nonce));
      demand(same, `nonce ${nonce} in slot ${slot}`);
    }
    const balance = open.node.account(STRANGER).balanceBase;
    demand(balance >= told.sealed.size, `${balance} transfers of ${told.sealed.size}`);
    const report = await open.node.verify();
    demand(report.ok, `verify: ${report.code} ${JSON.stringify(report.facts)}`);
    demand(open.faults.length === 0, `faults: ${String(open.faults)}`);
  } finally {
    await open.close();
  }
  await expectCopies(folder, told);
}

/** Snapshots, an export and a restored ledger beside the folder. */
async function expectCopies(folder: string, told: Told): Promise<void> {
  for (const [name, commit] of told.snapshots) {
    const read = readSnapshot(readFileSync(join(folder, name)), HASH, CRYPTO);
    demand(read.ok && Number(read.value.head.number) >= commit, `snapshot ${name}`);
  }
  const exported = join(folder, "export");
  if (told.exported > 0) {
    const needs = { source: folderSource(exported), genesisHash: HASH, crypto: CRYPTO };
    const verified = await verifyExport({ ...needs, compression: zstd, execute: false });
    const code = verified.ok ? "" : JSON.stringify(verified.rejection);
    demand(verified.ok && verified.value.slots >= told.exported, `the export: ${code}`);
  }
  const restored = join(folder, "restored");
  if (!existsSync(restored)) return;
  const open = await openNode(restored);
  try {
    const { number } = open.node.head();
    const { commits } = open.store.floors();
    const isBegun = open.store.snapshot() !== undefined;
    demand(isBegun || told.restored === 0, "a ledger that was told to be restored");
    demand(commits > 0 === isBegun, "a restored ledger goes on after its snapshot");
    demand(!isBegun || Number(number) > commits, "the commit that names the snapshot is stored");
    const report = await open.node.verify();
    demand(report.ok, `restored: ${report.code} ${JSON.stringify(report.facts)}`);
  } finally {
    await open.close();
  }
}
