import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDiskLedger, openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { createNode } from "../../../src-main/node/index.ts";
import type { NodeNeeds } from "../../../src-main/node/index.ts";
import { recordingDisk } from "../adapters/disk/recording-disk.ts";
import { CRYPTO, GENESIS, KEYS, memoryLog, newFolder, openNode } from "./practice-node.ts";
import { transfer } from "./practice-node.ts";

let folder = "";
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a node whose signatures stand in the disk's list of calls. */
async function openSigning(disk: ReturnType<typeof recordingDisk>) {
  const store = await openDiskLedger({ folder }, disk);
  const voteLog = openVoteLog(join(folder, "votes"), disk.files);
  const sign: NodeNeeds["keys"]["sign"] = (message) => {
    // A commit digest has 32 bytes, a statement more.
    if (message.length > 32) disk.calls.push("sign statement");
    return KEYS.sign(message);
  };
  const needs = { store, voteLog, clock: systemClock, log: memoryLog(), crypto: CRYPTO };
  const node = createNode({ genesis: GENESIS }, { ...needs, keys: { ...KEYS, sign } });
  await node.start();
  const close = async () => {
    await node.stop();
    await voteLog.close();
    await store.close();
  };
  return { node, close };
}

/** Whether no statement is signed over a vote that is not synced. */
function guardHolds(calls: readonly string[]): boolean {
  let synced = false;
  for (const call of calls) {
    if (call === "votes sync") synced = true;
    if (call === "entries sync") synced = false;
    if (call === "sign statement" && !synced) return false;
  }
  return true;
}

describe("what a validator signs", () => {
  it("is durable before it is signed", async () => {
    const disk = recordingDisk();
    const { node, close } = await openSigning(disk);
    await node.submit(transfer(0n));
    expect(disk.calls.filter((call) => call === "sign statement").length).toBeGreaterThan(1);
    expect(guardHolds(disk.calls)).toBe(true);
    disk.calls.length = 0;
    disk.skipSyncs = true;
    await node.submit(transfer(1n));
    expect(guardHolds(disk.calls), "a missing sync is seen").toBe(false);
    await close();
  });

  it("ends sealing when the vote log cannot be written, and acknowledges nothing", async () => {
    const disk = recordingDisk();
    const { node, close } = await openSigning(disk);
    disk.refuse("votes write", "ENOSPC");
    const outcome = await node.submit(transfer(0n));
    expect(outcome).toMatchObject({ ok: false, rejection: { code: "STORE_DISK_FULL" } });
    const after = await node.submit(transfer(0n));
    expect(after).toMatchObject({ ok: false, rejection: { code: "STORE_DISK_FULL" } });
    expect([node.head().number, disk.calls.includes("sign statement")]).toEqual([0n, false]);
    await close();
  });

  it("is never contradicted by an older copy of the ledger", async () => {
    const first = await openNode(folder);
    await first.node.submit(transfer(0n));
    await first.close();
    const copy = newFolder();
    cpSync(folder, copy, { recursive: true });
    const second = await openNode(folder);
    await second.node.submit(transfer(1n));
    await second.node.submit(transfer(2n));
    await second.close();
    cpSync(join(folder, "votes"), join(copy, "votes"));
    await expect(openNode(copy)).rejects.toMatchObject({ code: "NODE_SIGN_GUARD" });
    rmSync(copy, { recursive: true });
  });
});
