import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { openBlobFiles } from "../../../src-main/adapters/blobs/index.ts";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { folderTarget, zstd } from "../../../src-main/adapters/static-files/index.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { exportLedger, makeSnapshot } from "../../../src-main/node/index.ts";
import { slotsUpTo, storeCommit } from "../crashes/store-commits.ts";
import { CRYPTO, GENESIS, openNode, OWNER, transfer } from "../node/practice-node.ts";
import type { OpenNode } from "../node/practice-node.ts";
import { TestHome } from "../processes/run-vivian.ts";
import { codeOf, SmallDisk, smallDisksWork } from "./small-disk.ts";

const STORE_BYTES = 2_097_152;
/** Room for a ledger of some hundred slots and a copy of it. */
const LEDGER_BYTES = 8_388_608;
/** Room for a founded ledger and its daemon. */
const HOME_BYTES = 16_777_216;

const endings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function newDisk(bytes: number): SmallDisk {
  const disk = SmallDisk.make(bytes);
  if (disk === null) throw new Error("no small disk");
  endings.push(() => disk.remove());
  return disk;
}

function snapshotOf({ store }: OpenNode): Uint8Array {
  const made = makeSnapshot(store, GENESIS, CRYPTO);
  if (!made.ok) throw new Error(made.rejection.code);
  return made.value.bytes;
}

function newHome(disk: SmallDisk): TestHome {
  const home = new TestHome("", { VIVIAN_HOME: disk.path });
  endings.push(() => home.remove());
  writeFileSync(join(disk.path, "config.toml"), '[mining]\nengine = "reference"\nstart = false\n');
  return home;
}

describe.skipIf(!smallDisksWork())("a full disk", () => {
  it("keeps no half of a blob and every blob from before", async () => {
    const disk = newDisk(STORE_BYTES);
    const blobs = openBlobFiles(disk.path, sha256);
    const small = new TextEncoder().encode("from before");
    const hash = await blobs.put(small);
    disk.fill(65_536);
    const large = new Uint8Array(1_048_576).fill(7);
    expect(await codeOf(blobs.put(large))).toBe("BLOB_DISK_FULL");
    expect(existsSync(blobs.path(sha256(large)))).toBe(false);
    expect(await blobs.get(hash)).toEqual(small);
    disk.drain();
    expect(await blobs.get(await blobs.put(large))).toEqual(large);
  });

  it("loses no commit that the ledger acknowledged, and goes on when there is space", async () => {
    const disk = newDisk(STORE_BYTES);
    const store = await openDiskLedger({ folder: disk.path });
    let kept = 0;
    let code = "";
    while (code === "" && kept < 2_000) {
      code = await codeOf(store.append(storeCommit(kept + 1)));
      if (code === "") kept += 1;
    }
    expect([code, kept > 3]).toEqual(["STORE_DISK_FULL", true]);
    await store.close();
    disk.grow(2 * STORE_BYTES);
    const again = await openDiskLedger({ folder: disk.path });
    expect(again.size()).toBe(slotsUpTo(kept));
    for (let number = 1; number <= kept; number += 1) {
      const { firstSlot, records } = storeCommit(number);
      expect(again.record(firstSlot)).toEqual(records[0]);
    }
    expect(await codeOf(again.append(storeCommit(kept + 1)))).toBe("");
    await again.close();
  });

  it("refuses to prune, snapshot or export, and does each once there is space", async () => {
    const disk = newDisk(LEDGER_BYTES);
    const folder = join(disk.path, "ledger");
    const open = await openNode(folder, { segmentBytes: 65_536 });
    endings.push(() => open.close());
    const seal = (count: number) => {
      const first = open.node.nextNonce(OWNER, 0);
      const nonces = Array.from({ length: count }, (_, at) => first + BigInt(at));
      return Promise.all(nonces.map((nonce) => open.node.submit(transfer(nonce))));
    };
    for (const count of [300, 1, 1]) await seal(count);
    const base = { store: open.store, genesis: GENESIS, hasher: CRYPTO.hasher, clock: systemClock };
    const target = folderTarget(join(disk.path, "copies"));
    const works: Readonly<Record<string, () => Promise<unknown>>> = {
      export: () => exportLedger({ ...base, compression: zstd, target }),
      snapshot: async () => target.put("snapshot", snapshotOf(open)),
      prune: () => open.node.prune(256n),
    };
    for (const [name, work] of Object.entries(works)) {
      const { floors, slots } = { floors: open.node.floors(), slots: open.node.head().size };
      disk.fill();
      expect([name, await codeOf(work())]).toEqual([name, "STORE_DISK_FULL"]);
      expect(await open.node.verify()).toMatchObject({ ok: true });
      expect([open.node.floors(), open.node.head().size >= slots]).toEqual([floors, true]);
      disk.drain();
      expect([name, await codeOf(work())]).toEqual([name, ""]);
    }
    expect(open.node.floors().payloads).toBe(256);
    const sealed = await seal(3);
    expect(sealed.every(({ ok }) => ok)).toBe(true);
    expect(await open.node.verify()).toMatchObject({ ok: true, prunedBelow: 256 });
  });

  it("refuses what it cannot seal, and a start with space holds all it told", async () => {
    const disk = newDisk(LEDGER_BYTES);
    const folder = join(disk.path, "ledger");
    const open = await openNode(folder, { segmentBytes: 65_536 });
    disk.fill(65_536);
    const told = new Map<bigint, bigint>();
    let refused = "";
    for (let nonce = 0n; refused === "" && nonce < 5_000n; nonce += 20n) {
      const nonces = Array.from({ length: 20 }, (_, at) => nonce + BigInt(at));
      const outcomes = await Promise.all(nonces.map((each) => open.node.submit(transfer(each))));
      for (const [at, outcome] of outcomes.entries()) {
        if (outcome.ok) told.set(nonces[at], outcome.value.slot);
        else refused = outcome.rejection.code;
      }
    }
    expect([refused, told.size > 0]).toEqual(["STORE_DISK_FULL", true]);
    await open.close();
    disk.drain();
    const again = await openNode(folder, { segmentBytes: 65_536 });
    endings.push(() => again.close());
    for (const [nonce, slot] of told) {
      expect(again.node.record(slot)).toEqual({ ok: true, value: transfer(nonce) });
    }
    expect(await again.node.verify()).toMatchObject({ ok: true });
    expect((await again.node.submit(transfer(again.node.nextNonce(OWNER, 0)))).ok).toBe(true);
  });

  it("is one line of a daemon that cannot start, which starts when there is space", async () => {
    const disk = newDisk(HOME_BYTES);
    const home = newHome(disk);
    disk.fill();
    const up = await home.run(["up", "--detach"]);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^(PROCESSES|STORE)_DISK_FULL: .*\nSafe: .*\n$/);
    disk.drain();
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("is said to a daemon that cannot even make its folder", async () => {
    const disk = newDisk(HOME_BYTES);
    const home = newHome(disk);
    rmSync(join(disk.path, "config.toml"));
    disk.fill();
    const up = await home.run(["up", "--detach"]);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^PROCESSES_DISK_FULL: .*\nSafe: .*\n$/);
  });
});

describe.skipIf(!smallDisksWork())("a folder that is read-only", () => {
  it("is refused in one line by a daemon that was never there", async () => {
    const disk = newDisk(HOME_BYTES);
    const home = newHome(disk);
    disk.makeReadOnly();
    const up = await home.run(["up", "--detach"]);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^PROCESSES_HOME: .*EROFS.*\nSafe: .*\n$/);
  });

  it("is refused by a founded ledger, which starts again when it is writable", async () => {
    const disk = newDisk(HOME_BYTES);
    const home = newHome(disk);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    await home.run(["stop"]);
    const genesis = join(disk.path, "practice", "genesis.bin");
    const before = readFileSync(genesis);
    disk.makeReadOnly();
    const up = await home.run(["up", "--detach"]);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^PROCESSES_HOME: .*EROFS.*\nSafe: .*\n$/);
    disk.makeWritable();
    expect(readFileSync(genesis)).toEqual(before);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  });

  it("keeps what the store held", async () => {
    const disk = newDisk(STORE_BYTES);
    const store = await openDiskLedger({ folder: disk.path });
    await store.append(storeCommit(1));
    await store.close();
    disk.makeReadOnly();
    expect(await codeOf(openDiskLedger({ folder: disk.path }))).toBe("STORE_READ_ONLY");
    disk.makeWritable();
    const again = await openDiskLedger({ folder: disk.path });
    expect(again.size()).toBe(slotsUpTo(1));
    await again.close();
  });
});
