import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  machineFiles,
  openDiskLedger,
  openLedgerDatabase,
} from "../../../../src-main/adapters/disk/index.ts";
import type { DiskLedgerNeeds } from "../../../../src-main/adapters/disk/index.ts";
import type { CommitBatch, LedgerStore } from "../../../../src-main/ports/ledger-store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-prune-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const COUNT = 100;
const recordOf = (slot: number) => bytes(`record ${slot} ${"·".repeat(slot % 40)}`);

function batch(number: number): CommitBatch {
  const firstSlot = (number - 1) * COUNT;
  const slots = Array.from({ length: COUNT }, (_, index) => firstSlot + index);
  return {
    ...{ number, firstSlot, records: slots.map(recordOf), pages: [], tiles: [], index: [] },
    outcomes: slots.map((slot) => bytes(`outcome ${slot}`)),
    ...{ certificate: bytes("c"), head: bytes(`head ${number}`) },
  };
}

const pruning = (below: number) => ({ below, tiles: [], snapshot: bytes(`snapshot ${below}`) });
const SEGMENT = 6_000;

async function filled(commits: number, needs: DiskLedgerNeeds = {}): Promise<LedgerStore> {
  const store = await openDiskLedger({ folder, segmentBytes: SEGMENT }, needs);
  for (let number = 1; number <= commits; number += 1) await store.append(batch(number));
  return store;
}

const entryFiles = () => readdirSync(folder).filter((name) => name.startsWith("entries"));
const entryBytes = () =>
  entryFiles().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

function codeOf(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return undefined;
}

function expectFrom(store: LedgerStore, floor: number): void {
  expect(store.floors().payloads).toBe(floor);
  for (let slot = 0; slot < store.size(); slot += 1) {
    if (slot < floor) expect(codeOf(() => store.record(slot))).toBe("STORE_PRUNED");
    else expect(store.record(slot)).toEqual(recordOf(slot));
    expect(store.outcome(slot)).toEqual(bytes(`outcome ${slot}`));
  }
}

describe("pruning a store", () => {
  it("frees the space below the floor, keeps what is above, and goes on", async () => {
    const store = await filled(20);
    expect(entryFiles().length).toBeGreaterThan(5);
    const before = entryBytes();
    for (const floor of [256, 768, 1_792]) {
      await store.prune(pruning(floor));
      expectFrom(store, floor);
    }
    expect(entryBytes()).toBeLessThan(before * 0.2);
    expect(existsSync(join(folder, "entries"))).toBe(false);
    await store.append(batch(21));
    await store.close();
    const again = await openDiskLedger({ folder, segmentBytes: SEGMENT });
    expectFrom(again, 1_792);
    expect(again.size()).toBe(2_100);
    expect(again.snapshot()).toEqual(bytes("snapshot 1792"));
    for (let number = 22; number <= 30; number += 1) await again.append(batch(number));
    expectFrom(again, 1_792);
    await again.prune(pruning(2_816));
    expectFrom(again, 2_816);
    await again.close();
  });

  it("waits for a commit under way, and a commit for it", async () => {
    const store = await filled(6);
    await Promise.all([store.append(batch(7)), store.prune(pruning(512))]);
    await expect(store.prune(pruning(512))).rejects.toThrow(/floor only rises/);
    await store.append(batch(8));
    expectFrom(store, 512);
    await store.close();
  });

  it("prunes up to a size that ends with a run, and appends after it", async () => {
    const store = await openDiskLedger({ folder });
    const records = Array.from({ length: 256 }, (_, slot) => recordOf(slot));
    await store.append({ ...batch(1), records, outcomes: records });
    await store.prune(pruning(256));
    expect(codeOf(() => store.record(255))).toBe("STORE_PRUNED");
    await store.append({
      ...batch(2),
      firstSlot: 256,
      records: [recordOf(256)],
      outcomes: [records[0]],
    });
    expect(store.record(256)).toEqual(recordOf(256));
    await store.close();
  });

  const STEPS = [
    "snapshot sync",
    "snapshot named",
    "copy sync",
    "transaction",
    "transacted",
    "removed",
  ];
  it.each(STEPS)("loses nothing that counts when it is cut off at: %s", async (step) => {
    await (await filled(12)).close();
    const cut = new Error(`cut off at ${step}`);
    let armed = false;
    const reached = (name: string) => {
      if (armed && name === step) throw cut;
    };
    const files = {
      ...machineFiles,
      open(path: string) {
        const file = machineFiles.open(path);
        const name = path.endsWith("snapshot.part") ? "snapshot" : "copy";
        return {
          ...file,
          dataSync: () => (reached(`${name} sync`), file.dataSync()),
        };
      },
      rename(from: string, to: string) {
        machineFiles.rename(from, to);
        if (to.endsWith("snapshot")) reached("snapshot named");
      },
      remove(path: string) {
        if (!path.endsWith(".part")) reached("removed");
        machineFiles.remove(path);
      },
    };
    const openDatabase = (at: string) => {
      const database = openLedgerDatabase(at);
      const transact = (change: () => void) => {
        reached("transaction");
        database.transact(change);
        reached("transacted");
      };
      return { ...database, transact };
    };
    const store = await openDiskLedger({ folder, segmentBytes: SEGMENT }, { files, openDatabase });
    armed = true;
    await expect(store.prune(pruning(768))).rejects.toThrow(cut.message);
    armed = false;
    await store.close();
    const again = await openDiskLedger({ folder, segmentBytes: SEGMENT });
    const isPruned = ["transacted", "removed"].includes(step);
    expectFrom(again, isPruned ? 768 : 0);
    expect(entryFiles().length, "nothing is left over").toBe(isPruned ? 3 : 6);
    if (!isPruned) await again.prune(pruning(768));
    await again.append(batch(13));
    expectFrom(again, 768);
    await again.close();
  });
});
