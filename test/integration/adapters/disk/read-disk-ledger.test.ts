import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  openDiskLedger,
  openLedgerDatabase,
  readDiskLedger,
} from "../../../../src-main/adapters/disk/index.ts";
import { slotsUpTo, storeCommit } from "../../crashes/store-commits.ts";
import { codeOf } from "../../disks/small-disk.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-read-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The code of what is thrown at once. */
function codeThrown(act: () => unknown): Promise<string> {
  return codeOf(Promise.resolve().then(act));
}

describe("a ledger read beside its holder", () => {
  it("is seen as it stood when it was opened, whatever is stored since", async () => {
    const store = await openDiskLedger({ folder });
    await store.append(storeCommit(1));
    const reader = readDiskLedger(folder);
    await store.append(storeCommit(2));
    expect([reader.size(), store.size()]).toEqual([slotsUpTo(1), slotsUpTo(2)]);
    expect(reader.head()).toEqual(storeCommit(1).head);
    expect(reader.commit(2)).toBeUndefined();
    expect(reader.record(0)).toEqual(storeCommit(1).records[0]);
    expect([...reader.pages()].length).toBeLessThanOrEqual([...store.pages()].length);
    await reader.close();
    const later = readDiskLedger(folder);
    expect(later.size()).toBe(slotsUpTo(2));
    await later.close();
    await store.close();
  });

  it("is refused where there is no database", async () => {
    expect(await codeThrown(() => readDiskLedger(folder))).toBe("STORE_DAMAGED");
  });
});

describe("a folder of another version", () => {
  it("is opened neither to write nor to read", async () => {
    await (await openDiskLedger({ folder })).close();
    const database = openLedgerDatabase(join(folder, "database"));
    const newer = new Uint8Array(8);
    newer[0] = 99;
    database.transact(() => database.meta.put("version", newer));
    await database.close();
    expect(await codeOf(openDiskLedger({ folder }))).toBe("STORE_VERSION");
    expect(await codeThrown(() => readDiskLedger(folder))).toBe("STORE_VERSION");
  });
});
