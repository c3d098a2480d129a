import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { appendFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openDiskLedger } from "../../../../src-main/adapters/disk/index.ts";
import type { CommitBatch } from "../../../../src-main/ports/ledger-store.ts";
import { orderHolds, recordingDisk } from "./recording-disk.ts";

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "vivian-store-"));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const bytes = (text: string) => new TextEncoder().encode(text);

/** A commit of `count` slots whose bytes say their slot. */
function batch(number: number, firstSlot: number, count: number): CommitBatch {
  const slots = Array.from({ length: count }, (_, index) => firstSlot + index);
  return {
    number,
    firstSlot,
    records: slots.map((slot) => bytes(`record ${slot}`)),
    outcomes: slots.map((slot) => bytes(`outcome ${slot}`)),
    pages: [
      { key: bytes("page"), bytes: bytes(`page after ${number}`) },
      { key: bytes(`page ${number}`), bytes: bytes("x") },
      { key: bytes(`page ${number - 1}`), bytes: undefined },
    ],
    tiles: [{ tree: "vector", level: 0, index: 0, hashes: new Uint8Array(32 * count) }],
    index: [{ key: bytes(`index ${number}`), bytes: bytes("row") }],
    certificate: bytes(`certificate ${number}`),
    head: bytes(`head ${number}`),
  };
}

const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error as { code: string; facts: Record<string, unknown> };
  }
  return undefined;
};
const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as { code: string; facts: Record<string, unknown> },
  );

describe("disk-ledger-store", () => {
  it("gives back after a restart what it acknowledged", async () => {
    const folder = newFolder();
    const store = await openDiskLedger({ folder });
    expect(store.head()).toBeUndefined();
    await store.begin(bytes("genesis"), [{ key: bytes("g"), bytes: bytes("1") }]);
    await store.append(batch(1, 0, 3));
    await store.append(batch(2, 3, 2));
    await store.close();
    const again = await openDiskLedger({ folder });
    expect(again.size()).toBe(5);
    expect(again.head()).toEqual(bytes("head 2"));
    expect(again.record(4)).toEqual(bytes("record 4"));
    expect(again.outcome(0)).toEqual(bytes("outcome 0"));
    expect(again.page(bytes("page"))).toEqual(bytes("page after 2"));
    expect(again.page(bytes("page 1"))).toBeUndefined();
    expect(again.page(bytes("g"))).toEqual(bytes("1"));
    expect(again.commit(2)).toEqual({ firstSlot: 3, certificate: bytes("certificate 2") });
    expect(again.commit(3)).toBeUndefined();
    expect(again.tile("vector", 0, 0)?.length).toBe(64);
    expect(again.index(bytes("index "), 10).map((row) => row.key)).toEqual([
      bytes("index 1"),
      bytes("index 2"),
    ]);
    const later = again.index(bytes("index "), 10, bytes("index 1"));
    expect(later.map((row) => row.key)).toEqual([bytes("index 2")]);
    expect(again.index(bytes("index "), 10, bytes("index 2"))).toEqual([]);
    await again.replaceIndex([{ key: bytes("new"), bytes: bytes("row") }]);
    expect(again.index(new Uint8Array(0), 10).map((row) => row.key)).toEqual([bytes("new")]);
    await again.close();
  });

  it("refuses a second opener and lets one in after close", async () => {
    const folder = newFolder();
    const store = await openDiskLedger({ folder });
    expect((await faultOf(openDiskLedger({ folder })))?.code).toBe("STORE_LOCKED");
    await store.close();
    await (await openDiskLedger({ folder })).close();
  });

  it("syncs record bytes before the transaction and both before it acknowledges", async () => {
    const disk = recordingDisk();
    const store = await openDiskLedger({ folder: newFolder() }, disk);
    disk.calls.length = 0;
    await store.append(batch(1, 0, 2));
    disk.calls.push("acknowledged");
    expect(disk.calls).toEqual([
      "entries write",
      "entries sync",
      "transaction begins",
      "transaction durable",
      "acknowledged",
    ]);
    expect(orderHolds(disk.calls)).toBe(true);
    disk.skipSyncs = true;
    await store.append(batch(2, 2, 1));
    expect(orderHolds(disk.calls), "a missing sync is seen").toBe(false);
    await store.close();
  });

  it.each([
    ["entries write", "ENOSPC", "STORE_DISK_FULL"],
    ["entries sync", "ENOSPC", "STORE_DISK_FULL"],
    ["transaction begins", "ENOSPC", "STORE_DISK_FULL"],
    ["entries write", "EROFS", "STORE_READ_ONLY"],
    ["entries sync", "EIO", "STORE_FAILED"],
  ])("keeps what it had when %s fails with %s", async (call, errno, code) => {
    const folder = newFolder();
    const disk = recordingDisk();
    const store = await openDiskLedger({ folder }, disk);
    await store.append(batch(1, 0, 2));
    disk.refuse(call, errno);
    expect((await faultOf(store.append(batch(2, 2, 3))))?.code).toBe(code);
    expect(store.size()).toBe(2);
    expect(store.record(1)).toEqual(bytes("record 1"));
    await store.close();
    const again = await openDiskLedger({ folder });
    expect([again.size(), again.head()]).toEqual([2, bytes("head 1")]);
    await again.append(batch(2, 2, 1));
    expect(again.record(2)).toEqual(bytes("record 2"));
    await again.close();
  });

  it("writes nothing more after a transaction that failed", async () => {
    const disk = recordingDisk();
    const store = await openDiskLedger({ folder: newFolder() }, disk);
    disk.refuse("transaction begins", "ENOSPC");
    await faultOf(store.append(batch(1, 0, 1)));
    disk.calls.length = 0;
    expect((await faultOf(store.append(batch(1, 0, 1))))?.code).toBe("STORE_DISK_FULL");
    expect(disk.calls).toEqual([]);
    await store.close();
  });

  it("says so when the folder cannot be written", async () => {
    const disk = recordingDisk();
    disk.refuse("make folder", "EACCES");
    expect((await faultOf(openDiskLedger({ folder: newFolder() }, disk)))?.code).toBe(
      "STORE_READ_ONLY",
    );
  });

  it("cuts bytes no transaction counted and names the slot of those that are missing", async () => {
    const folder = newFolder();
    const store = await openDiskLedger({ folder });
    await store.append(batch(1, 0, 3));
    await store.append(batch(2, 3, 3));
    await store.close();
    const file = join(folder, "entries");
    const whole = readFileSync(file);
    appendFileSync(file, "an entry whose transaction never happened");
    const cut = await openDiskLedger({ folder });
    expect(statSync(file).size).toBe(whole.length);
    await cut.close();
    truncateSync(file, whole.length - 20);
    const fault = await faultOf(openDiskLedger({ folder }));
    expect([fault?.code, fault?.facts["slot"]]).toEqual(["STORE_DAMAGED", 4]);
    writeFileSync(file, whole);
    await (await openDiskLedger({ folder })).close();
  });

  it("finds every flipped bit of the entry file when the slot is read", async () => {
    const folder = newFolder();
    const store = await openDiskLedger({ folder });
    await store.append(batch(1, 0, 2));
    const file = join(folder, "entries");
    const whole = readFileSync(file);
    for (let at = 16; at < whole.length; at += 1) {
      const flipped = Buffer.from(whole);
      flipped[at] ^= 1 << (at % 8);
      writeFileSync(file, flipped);
      const slot = at < 16 + 8 + 8 ? 0 : 1;
      const fault = codeOf(() => store.record(slot));
      expect([fault?.code, fault?.facts["slot"]]).toEqual(["STORE_DAMAGED", slot]);
      expect(store.record(1 - slot)).toEqual(bytes(`record ${1 - slot}`));
    }
    writeFileSync(file, whole);
    await store.close();
  });

  it("does not begin anew over records whose database is gone", async () => {
    const folder = newFolder();
    const store = await openDiskLedger({ folder });
    await store.append(batch(1, 0, 2));
    await store.close();
    rmSync(join(folder, "database"), { recursive: true });
    expect((await faultOf(openDiskLedger({ folder })))?.code).toBe("STORE_DAMAGED");
  });

  it("moves complete tiles into files and still answers them", async () => {
    const folder = newFolder();
    const store = await openDiskLedger({ folder });
    const hashes = new Uint8Array(8_192).fill(7);
    const tile = { tree: "vector" as const, level: 0, index: 1_234, hashes };
    await store.append({ ...batch(1, 0, 1), tiles: [tile] });
    const part = { tree: "vector" as const, level: 0, index: 1_234, first: 8, count: 2 };
    const file = join(folder, "tiles", "vector", "0", "0");
    expect(existsSync(file)).toBe(false);
    expect(store.tilePart(part)).toBeUndefined();
    await store.settleTiles();
    expect(new Uint8Array(readFileSync(file)).subarray(1_234 * 8_192)).toEqual(hashes);
    expect(store.tile("vector", 0, 1_234)).toEqual(hashes);
    expect(store.tilePart(part)).toEqual(new Uint8Array(64).fill(7));
    // Nothing was written at the places before it, nor behind it, nor of the other tree.
    expect(store.tile("vector", 0, 1_233)).toBeUndefined();
    expect(store.tilePart({ ...part, index: 1_233 })).toBeUndefined();
    expect(store.tile("vector", 0, 1_235)).toBeUndefined();
    expect(store.tile("outcome", 0, 1_234)).toBeUndefined();
    await store.close();
    rmSync(file);
    const again = await openDiskLedger({ folder });
    expect(again.tile("vector", 0, 1_234)).toBeUndefined();
    await again.close();
  });
});
