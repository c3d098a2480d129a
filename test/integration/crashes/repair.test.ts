import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  endRepair,
  machineFiles,
  openDiskLedger,
  openVoteLog,
  repairFolder,
  scanEntries,
} from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { makeSnapshot, repairLedger, verifyLedger } from "../../../src-main/node/index.ts";
import { RoundTable } from "../../reports/round-table.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";
import type { OpenNode } from "../node/practice-node.ts";
import { CRYPTO, GENESIS, KEYS, newFolder, openNode, OWNER } from "../node/practice-node.ts";
import { transfer } from "../node/practice-node.ts";
import { TestHome } from "../processes/run-vivian.ts";
import { SEGMENT_BYTES } from "./kill-rounds.ts";
import { makeLonger } from "./longer-ledger.ts";

const table = new RoundTable("crashes", "integration/crashes/repair");
const root = newFolder();
const sound = join(root, "sound");
let snapshot: Uint8Array = new Uint8Array(0);
let records: Uint8Array[] = [];
/** Slots that the snapshot makes up for. */
let named = 0;

async function seal({ node }: OpenNode, count: number): Promise<void> {
  const first = node.nextNonce(OWNER, 0);
  const nonces = Array.from({ length: count }, (_, at) => first + BigInt(at));
  await Promise.all(nonces.map((nonce) => node.submit(transfer(nonce))));
}

/** Some 370 slots in five entry files; the snapshot is of the middle. */
beforeAll(async () => {
  const open = await openNode(sound, { segmentBytes: SEGMENT_BYTES });
  for (const count of [60, 60, 60]) await seal(open, count);
  const made = makeSnapshot(open.store, GENESIS, CRYPTO);
  if (!made.ok) throw new Error(made.rejection.code);
  snapshot = made.value.bytes;
  named = open.store.size();
  for (const count of [60, 60, 60, 1]) await seal(open, count);
  records = Array.from({ length: open.store.size() }, (_, slot) => open.store.record(slot));
  await open.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function damagedCopy(change: (folder: string) => void): string {
  count += 1;
  const folder = join(root, `damaged-${count}`, "ledger");
  cpSync(sound, folder, { recursive: true });
  change(folder);
  return folder;
}

function edit(file: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(file, change(readFileSync(file)));
}

function flip(file: string, at: number): void {
  edit(file, (bytes) => {
    bytes[at] ^= 16;
    return bytes;
  });
}

/** Repairs a folder as the command does; answers its floor, or the code of a refusal. */
async function repair(folder: string, from?: Uint8Array): Promise<number | string> {
  const place = repairFolder(folder);
  rmSync(place, { recursive: true, force: true });
  const store = await openDiskLedger({ folder: place });
  const votes = join(place, "votes");
  cpSync(join(folder, "votes"), votes);
  const voteLog = openVoteLog(votes);
  try {
    const remains = scanEntries(folder);
    const base = { store, genesis: GENESIS, crypto: CRYPTO, sign: KEYS.sign, remains, voteLog };
    const repaired = await repairLedger({ ...base, snapshot: from });
    if (!repaired.ok) return repaired.rejection.code;
    const report = await verifyLedger(store, GENESIS, { clock: systemClock, crypto: CRYPTO });
    expect([report.code, report.facts]).toEqual([undefined, {}]);
  } finally {
    await voteLog.close();
    await store.close();
  }
  endRepair(machineFiles, folder);
  return expectSame(folder);
}

/** Every slot that the repaired ledger holds is as it was, and it goes on. */
async function expectSame(folder: string): Promise<number> {
  const lockFile = join(folder, "..", "lock");
  const open = await openNode(folder, { lockFile });
  const { payloads } = open.node.floors();
  // A start may seal an empty commit that names the last outcomes.
  expect(Number(open.node.head().size)).toBeGreaterThanOrEqual(records.length);
  for (const [slot, record] of records.entries()) {
    if (slot >= payloads) expect(open.store.record(slot)).toEqual(record);
  }
  await seal(open, 2);
  expect((await open.node.verify()).ok).toBe(true);
  await open.close();
  return payloads;
}

/** Name of the entry file that stands so many before the last. */
function lastFile(before: number): string {
  const names = readdirSync(sound).filter((name) => name.startsWith("entries-"));
  return `entries-${names.length - before}`;
}

const data = (folder: string) => join(folder, "database", "data.mdb");

describe("a damaged ledger", () => {
  it.each<[string, (folder: string) => void]>([
    ["whose database is cut", (at) => edit(data(at), (bytes) => bytes.subarray(0, 9_000))],
    ["whose database is gone", (at) => rmSync(join(at, "database"), { recursive: true })],
    ["whose database is rubbish", (at) => edit(data(at), (bytes) => bytes.fill(0xaa))],
    ["whose tiles are gone", (at) => rmSync(join(at, "tiles"), { recursive: true, force: true })],
  ])("%s is made anew from its entries, nothing lost", async (what, change) => {
    await table.row(`repaired from its entries: a ledger ${what}`, async () => {
      const folder = damagedCopy(change);
      const before = readdirSync(folder).sort();
      expect(await repair(folder)).toBe(0);
      expect(readdirSync(`${folder}-damaged-1`).sort()).toEqual(before);
      return { rounds: 1, outcome: `${records.length} slots of ${records.length}` };
    });
  });

  it("with damaged entries before a snapshot goes on from it, later slots unchanged", async () => {
    await table.row("repaired from a snapshot: damaged entries before it", async () => {
      const random = new SeededRandom(5);
      for (let round = 0; round < 4; round += 1) {
        const folder = damagedCopy((at) => {
          rmSync(join(at, "database"), { recursive: true });
          const file = join(at, round < 3 ? "entries" : "entries-1");
          const size = readFileSync(file).length;
          if (round % 2 === 0) flip(file, 16 + random.below(Math.min(size, 10_000) - 16));
          else edit(file, (bytes) => bytes.fill(0, 4_096, 8_192));
        });
        expect(await repair(folder)).toBe("NODE_REPAIR_GAP");
        expect(readdirSync(folder)).toContain("entries");
        const floor = await repair(folder, snapshot);
        expect(floor).toBeLessThanOrEqual(named);
      }
      return { rounds: 4, outcome: `slots ${named} to ${records.length} as they were` };
    });
  });

  it("with damaged entries after every snapshot is refused, and stays as it is", async () => {
    const folder = damagedCopy((at) => {
      flip(join(at, lastFile(1)), 5_000);
    });
    expect(await repair(folder, snapshot)).toBe("NODE_REPAIR_GAP");
    expect(existsSync(`${folder}-damaged-1`)).toBe(false);
  });

  it("whose last commits are cut off is refused, since they were signed", async () => {
    const folder = damagedCopy((at) => {
      // More than the newest commit, which the vote log holds whole.
      rmSync(join(at, lastFile(0)));
      rmSync(join(at, lastFile(1)));
      rmSync(join(at, "database"), { recursive: true });
    });
    expect(await repair(folder, snapshot)).toBe("NODE_REPAIR_OLDER");
  });

  it("is repaired by the command, kept beside the new one, and seals again", async () => {
    const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
    try {
      expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
      expect(await home.run(["ledger", "repair"])).toMatchObject({ code: 1 });
      expect(await home.run(["stop"])).toMatchObject({ code: 0 });
      const slots = await makeLonger(home.folder);
      const file = join(home.folder.ledger, "database", "data.mdb");
      edit(file, (bytes) => bytes.subarray(0, 5_000));
      const refused = await home.run(["ledger", "verify"]);
      expect(refused.stderr).toMatch(/^STORE_DAMAGED: .*vivian ledger repair.*\nSafe: .*\n$/);
      const left = readFileSync(file);
      const repaired = await home.run(["ledger", "repair", "--json"]);
      expect(repaired).toMatchObject({ code: 0, stderr: "" });
      const told = JSON.parse(repaired.stdout) as { slots: number };
      expect(told).toMatchObject({ votesKept: true, floor: 0 });
      expect(told.slots).toBeGreaterThanOrEqual(slots);
      const aside = `${home.folder.ledger}-damaged-1`;
      expect(readFileSync(join(aside, "database", "data.mdb")).equals(left)).toBe(true);
      expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
      expect(await home.run(["ledger", "verify"])).toMatchObject({ code: 0 });
    } finally {
      await home.remove();
    }
  });
});
