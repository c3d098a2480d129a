import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { openBlobFiles } from "../../../src-main/adapters/blobs/index.ts";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { slotsUpTo, storeCommit } from "../crashes/store-commits.ts";
import { TestHome } from "../processes/run-vivian.ts";
import { codeOf, SmallDisk, smallDisksWork } from "./small-disk.ts";

const STORE_BYTES = 2_097_152;
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
