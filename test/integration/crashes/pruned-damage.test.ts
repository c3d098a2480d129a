import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDiskLedger, openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { CODES } from "../../../src-main/contract/explain.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { verifyLedger } from "../../../src-main/node/index.ts";
import { RoundTable } from "../../reports/round-table.ts";
import { KeptSeeds } from "../../worlds/kept-seeds.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";
import { CRYPTO, GENESIS, newFolder, openNode, OWNER, transfer } from "../node/practice-node.ts";
import { damaged } from "./damages.ts";
import { SEGMENT_BYTES } from "./kill-rounds.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";
const FLIPS = FULL ? 60 : 4;
const CUTS = FULL ? 15 : 2;
const SEED = FULL ? (Date.now() % 1_000_000) + 1 : 1;

const table = new RoundTable("crashes", "integration/crashes/pruned-damage");
const kept = new KeptSeeds("pruned-damage");
const root = newFolder();
const sound = join(root, "sound");
const folder = join(root, "ledger");
let slots = 0;
let head: Uint8Array = new Uint8Array(0);

/** A pruned ledger of several entry files, with tiles in files and a snapshot. */
beforeAll(async () => {
  const open = await openNode(sound, { segmentBytes: SEGMENT_BYTES });
  for (const count of [250, 60, 60, 60, 1]) {
    const first = open.node.nextNonce(OWNER, 0);
    const nonces = Array.from({ length: count }, (_, at) => first + BigInt(at));
    await Promise.all(nonces.map((nonce) => open.node.submit(transfer(nonce))));
  }
  expect(await open.node.prune(256n)).toMatchObject({ ok: true });
  await open.close();
  const again = await openDiskLedger({ folder: sound });
  slots = again.size();
  head = again.head() ?? head;
  await again.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function filesOf(): string[] {
  const entries = readdirSync(sound, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile());
  const names = files.map((each) => relative(sound, join(each.parentPath, each.name)));
  // What lmdb maps can end a process: its damages run in children, in the test beside this one.
  return names.filter((name) => !/^(database|lock)/.test(name)).sort();
}

/** Checks the folder and opens what it signed; the code, or undefined where all is as it was. */
async function look(): Promise<string | undefined> {
  try {
    const store = await openDiskLedger({ folder });
    try {
      const report = await verifyLedger(store, GENESIS, { clock: systemClock, crypto: CRYPTO });
      if (!report.ok) return report.code;
      expect([store.size(), store.head()]).toEqual([slots, head]);
    } finally {
      await store.close();
    }
    const votes = openVoteLog(join(folder, "votes"));
    await votes.close();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

describe("a damaged file of a pruned ledger", () => {
  it("is told with a code, or does no harm: each file", async () => {
    for (const [position, name] of filesOf().entries()) {
      const whole = readFileSync(join(sound, name));
      await table.row(`flipped and cut bytes of a pruned ledger: ${name}`, async () => {
        const codes = new Map<string, number>();
        await kept.run(SEED + position, async (seed) => {
          const random = new SeededRandom(seed);
          for (let count = 0; count < FLIPS + CUTS; count += 1) {
            const at = random.below(whole.length);
            const damage = { kind: "entries" as const, file: name, at };
            const bit = count < FLIPS ? { bit: random.below(8) } : {};
            rmSync(folder, { recursive: true, force: true });
            cpSync(sound, folder, { recursive: true });
            writeFileSync(join(folder, name), damaged(whole, { ...damage, ...bit }));
            const code = (await look()) ?? "harmless";
            expect(code === "harmless" || Object.hasOwn(CODES, code), code).toBe(true);
            if (/^entries|^snapshot/.test(name))
              expect(code, `${name} at ${at}`).not.toBe("harmless");
            codes.set(code, (codes.get(code) ?? 0) + 1);
          }
        });
        const outcome = [...codes].map(([code, count]) => `${code} ${count}`).join(", ");
        return { rounds: FLIPS + CUTS, outcome };
      });
    }
  });
});
