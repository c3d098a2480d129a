import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RoundTable } from "../../reports/round-table.ts";
import { KeptSeeds } from "../../worlds/kept-seeds.ts";
import { newFolder, openNode, OWNER, transfer } from "../node/practice-node.ts";
import { expectWhole, runRound, SEGMENT_BYTES, startChild, Told, WORKS } from "./kill-rounds.ts";
import type { LoadedChild, Work } from "./kill-rounds.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";
const ROUNDS = FULL ? 1_000 : 10;
/** Rounds on one ledger, before the next begins with the grown one again. */
const ROUNDS_A_LEDGER = 20;
/** Short runs draw the same rounds each time; a full run draws new ones. */
const FIRST_SEED = FULL ? (Date.now() % 1_000_000) + 1 : 1;

const table = new RoundTable("crashes", "integration/crashes/kill-load");
const kept = new KeptSeeds("kill-load");
const root = newFolder();
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A ledger that can be pruned from the first round on. */
beforeAll(async () => {
  const open = await openNode(join(root, "grown", "ledger"), { segmentBytes: SEGMENT_BYTES });
  for (const count of [250, 100, 1]) {
    const first = open.node.nextNonce(OWNER, 0);
    const nonces = Array.from({ length: count }, (_, at) => first + BigInt(at));
    await Promise.all(nonces.map((nonce) => open.node.submit(transfer(nonce))));
  }
  await open.close();
});

const counts: Record<Work, number> = { load: 0, prune: 0, snapshot: 0, export: 0, restore: 0 };
let acknowledged = 0;

/** A ledger under rounds of one kind or another; each of its children is started ahead. */
async function ledgerRounds(name: string, seeds: readonly number[]): Promise<void> {
  const folder = join(root, name);
  mkdirSync(folder);
  cpSync(join(root, "grown"), folder, { recursive: true });
  const told = new Told();
  let next: LoadedChild | undefined;
  try {
    for (const [at, seed] of seeds.entries()) {
      const loaded = next ?? startChild(folder, seed);
      next = at + 1 < seeds.length ? startChild(folder, seeds[at + 1]) : undefined;
      await loaded.loaded;
      await kept.run(seed, async () => {
        acknowledged += await runRound(loaded, told);
        await expectWhole(folder, told);
        counts[loaded.work] += 1;
      });
    }
  } catch (error) {
    const copy = join(import.meta.dirname, "../../../build/reports", `crashed-${name}`);
    cpSync(folder, copy, { recursive: true });
    throw error;
  } finally {
    next?.child.kill("SIGKILL");
  }
  rmSync(folder, { recursive: true });
}

describe("kill -9 of a node under load", () => {
  it(
    "loses nothing acknowledged, also while it prunes, exports, snapshots and restores",
    async () => {
      const drawn = Array.from({ length: ROUNDS }, (_, index) => FIRST_SEED + index);
      const seeds = [...kept.read(), ...drawn];
      console.log(`kill -9 under load: seeds ${seeds[0]} to ${seeds[seeds.length - 1]}`);
      await table.row("kill -9 under load, beside each kind of work", async () => {
        for (let at = 0; at < seeds.length; at += ROUNDS_A_LEDGER) {
          await ledgerRounds(`ledger-${at}`, seeds.slice(at, at + ROUNDS_A_LEDGER));
        }
        expect(WORKS.every((work) => counts[work] > 0)).toBe(true);
        // Something was there to lose; how much depends on what else the machine does.
        expect(acknowledged).toBeGreaterThan(ROUNDS);
        const kinds = WORKS.map((work) => `${work} ${counts[work]}`).join(", ");
        const outcome = `${kinds}; ${acknowledged} records acknowledged, 0 lost`;
        return { rounds: seeds.length, outcome };
      });
    },
    ROUNDS * 20_000,
  );
});
