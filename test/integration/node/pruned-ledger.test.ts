import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { reject } from "../../../src-main/contract/outcome.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import { verifyConsistency, verifyInclusion, leafHash } from "../../../src-main/crypto/index.ts";
import {
  decodeSnapshot,
  ed25519Scheme,
  encodeSnapshot,
  genesisHash,
  stateKey,
  verifyStateReceipt,
} from "../../../src-main/ledger/index.ts";
import type { Snapshot } from "../../../src-main/ledger/index.ts";
import {
  makeSnapshot,
  pruneStopped,
  restoreSnapshot,
  verifyLedger,
} from "../../../src-main/node/index.ts";
import type { MadeSnapshot } from "../../../src-main/node/index.ts";
import type { OpenNode } from "./practice-node.ts";
import { CRYPTO, GENESIS, newFolder, openNode, OWNER, transfer } from "./practice-node.ts";

const HASH = genesisHash(CRYPTO.hasher, GENESIS);
const SCHEME = ed25519Scheme(CRYPTO.verifyEd25519);
const needs = { clock: systemClock, crypto: CRYPTO };

let grown = "";
let folder = "";
let slots = 0;

async function seal(open: OpenNode, count: number): Promise<void> {
  const first = open.node.nextNonce(OWNER, 0);
  const nonces = Array.from({ length: count }, (_, index) => first + BigInt(index));
  await Promise.all(nonces.map((nonce) => open.node.submit(transfer(nonce))));
}

/** Some 570 slots, so that both trees have complete tiles. */
beforeAll(async () => {
  grown = newFolder();
  const open = await openNode(grown);
  for (const count of [250, 250, 60, 1]) await seal(open, count);
  // The commit that names the last outcome comes by itself, some time later.
  await open.node.receipt(open.node.head().size - 1n);
  slots = Number(open.node.head().size);
  await open.close();
});
beforeEach(() => {
  folder = newFolder();
  cpSync(grown, folder, { recursive: true });
});
afterAll(() => rmSync(grown, { recursive: true, force: true }));

const entryBytes = () =>
  readdirSync(folder)
    .filter((name) => name.startsWith("entries"))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

async function check() {
  const store = await openDiskLedger({ folder });
  const report = await verifyLedger(store, GENESIS, needs);
  await store.close();
  return report;
}

describe("a ledger whose records were pruned", () => {
  it("frees their space, says so, and proves everything that is left", async () => {
    const open = await openNode(folder);
    const before = entryBytes();
    const { vectorRoot, stateRoot, outcomeRoot } = open.node.head();
    const told = open.node.proveOutcome(10n);
    expect(await open.node.prune(400n)).toMatchObject({ ok: true, value: { floor: 256 } });
    expect(entryBytes()).toBeLessThan(before * 0.65);
    expect(open.node.head()).toMatchObject({ vectorRoot, stateRoot, outcomeRoot });
    const gone = { ok: false, rejection: { code: "NODE_PRUNED", facts: { floor: 256 } } };
    expect(open.node.record(255n)).toMatchObject(gone);
    expect(await open.node.receipt(255n)).toMatchObject(gone);
    expect(open.node.record(256n).ok).toBe(true);
    expect(open.node.outcome(3n).ok).toBe(true);
    expect(open.node.proveOutcome(10n)).toEqual(told);
    const proof = open.node.prove(7n);
    if (!proof.ok) throw new Error(proof.rejection.code);
    const { leafHash: leaf, path } = proof.value;
    const place = { leafHash: leaf, index: 7, size: slots, proof: path };
    expect(verifyInclusion(CRYPTO.hasher, vectorRoot, place)).toBe(true);
    await seal(open, 3);
    expect((await open.node.receipt(256n)).ok).toBe(true);
    const report = await open.node.verify();
    expect(report).toMatchObject({ ok: true, prunedBelow: 256 });
    expect(report.executedFrom).toBeGreaterThan(1);
    expect(await open.node.prune(100n)).toMatchObject({
      rejection: { code: "NODE_PRUNE_FLOOR", facts: { floor: 256 } },
    });
    expect(await open.node.prune(10_000n)).toMatchObject({
      rejection: { code: "NODE_PRUNE_FLOOR", facts: { most: 512 } },
    });
    await open.close();
  });

  it("seals on while its snapshot is made apart, and is pruned by one at a time", async () => {
    const asked: PromiseWithResolvers<Outcome<MadeSnapshot>>[] = [];
    const snapshotApart = () => {
      asked.push(Promise.withResolvers());
      return asked[asked.length - 1].promise;
    };
    const open = await openNode(folder, { snapshotApart });
    const first = open.node.prune(256n);
    const second = open.node.prune(512n);
    await vi.waitFor(() => expect(asked.length).toBe(1));
    await seal(open, 3);
    asked[0].resolve(makeSnapshot(open.store, GENESIS, CRYPTO));
    expect(await first).toMatchObject({ ok: true, value: { floor: 256 } });
    await vi.waitFor(() => expect(asked.length).toBe(2));
    asked[1].resolve(reject("PROCESSES_SNAPSHOT"));
    expect(await second).toMatchObject({ rejection: { code: "PROCESSES_SNAPSHOT" } });
    expect(open.node.floors().payloads).toBe(256);
    const third = open.node.prune(512n);
    await vi.waitFor(() => expect(asked.length).toBe(3));
    const closed = open.close();
    asked[2].resolve(makeSnapshot(open.store, GENESIS, CRYPTO));
    expect(await third).toMatchObject({ rejection: { code: "NODE_STOPPED" } });
    await closed;
    expect(await check()).toMatchObject({ ok: true, prunedBelow: 256 });
  });

  it("is pruned again when it is stopped, and found whole after each start", async () => {
    const store = await openDiskLedger({ folder });
    expect((await pruneStopped(store, GENESIS, CRYPTO, 512n)).ok).toBe(true);
    await store.close();
    expect(await check()).toMatchObject({ ok: true, prunedBelow: 512, slots });
    const open = await openNode(folder);
    await seal(open, 4);
    await open.close();
    const later = await check();
    expect(later).toMatchObject({ ok: true, prunedBelow: 512 });
    expect(later.slots).toBeGreaterThanOrEqual(slots + 5);
  });

  it.each([
    ["the snapshot", "snapshot", "NODE_VERIFY_SNAPSHOT"],
    ["a tile of pruned slots", "tiles/vector/0/0", "NODE_VERIFY"],
  ])("is told to be damaged where a bit of %s is flipped", async (_what, name, code) => {
    const store = await openDiskLedger({ folder });
    await pruneStopped(store, GENESIS, CRYPTO, 256n);
    await store.close();
    const file = join(folder, name);
    const bytes = readFileSync(file);
    for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
      const flipped = Buffer.from(bytes);
      flipped[at] ^= 4;
      writeFileSync(file, flipped);
      const report = await check();
      expect(report.ok).toBe(false);
      expect(report.code).toContain(code);
    }
    rmSync(file);
    expect((await check()).ok).toBe(false);
  });
});

describe("a ledger restored from a snapshot", () => {
  async function snapshot(): Promise<Uint8Array> {
    const store = await openDiskLedger({ folder });
    const made = makeSnapshot(store, GENESIS, CRYPTO);
    await store.close();
    if (!made.ok) throw new Error(made.rejection.code);
    return made.value.bytes;
  }

  it("goes on from there, with the state and roots of the one it came from", async () => {
    const bytes = await snapshot();
    const whole = await openNode(folder);
    const head = whole.node.head();
    const balance = whole.node.account(OWNER).balanceBase;
    await whole.close();
    folder = newFolder();
    const store = await openDiskLedger({ folder });
    const restored = await restoreSnapshot(store, bytes, HASH, CRYPTO);
    expect(restored).toEqual({ ok: true, value: { commit: Number(head.number), slots } });
    await store.close();
    expect(await check()).toMatchObject({ ok: true, slots });
    const open = await openNode(folder);
    expect(open.node.head()).toEqual(head);
    expect(open.node.account(OWNER).balanceBase).toBe(balance);
    expect(open.node.record(0n)).toMatchObject({ rejection: { code: "NODE_PRUNED" } });
    expect(open.node.prove(0n)).toMatchObject({ rejection: { code: "NODE_PRUNED" } });
    await seal(open, 300);
    const grownSize = open.node.head().size;
    for (const slot of [head.firstSlot, head.size, head.size + 100n]) {
      const proof = open.node.prove(slot);
      const record = open.node.record(slot);
      if (!proof.ok || !record.ok) throw new Error("the slot is proved");
      const leaf = leafHash(CRYPTO.hasher, record.value);
      const place = { leafHash: leaf, index: Number(slot), size: Number(grownSize) };
      const path = { ...place, proof: proof.value.path };
      expect(verifyInclusion(CRYPTO.hasher, proof.value.vectorRoot, path)).toBe(true);
    }
    expect((await open.node.receipt(head.size + 5n)).ok).toBe(true);
    const since = open.node.consistency(head.size);
    if (!since.ok) throw new Error(since.rejection.code);
    expect(since.value.sinceRoot).toEqual(head.vectorRoot);
    expect((await open.node.prune(768n)).ok).toBe(true);
    await seal(open, 2);
    expect(await open.node.verify()).toMatchObject({ ok: true, prunedBelow: 768 });
    await open.close();
    expect(await check()).toMatchObject({ ok: true, prunedBelow: 768 });
  });

  it("is refused, and nothing written, for a file cut or changed anywhere", async () => {
    const bytes = await snapshot();
    folder = newFolder();
    const store = await openDiskLedger({ folder });
    const step = Math.floor(bytes.length / 61);
    for (let at = 0; at < bytes.length; at += step) {
      const flipped = bytes.slice();
      flipped[at] ^= 1 << (at % 8);
      for (const wrong of [flipped, bytes.slice(0, at)]) {
        const restored = await restoreSnapshot(store, wrong, HASH, CRYPTO);
        expect(restored).toMatchObject({ ok: false, rejection: { code: "SNAPSHOT_DIGEST" } });
      }
    }
    const other = await restoreSnapshot(store, bytes, new Uint8Array(32), CRYPTO);
    expect(other).toMatchObject({ rejection: { code: "SNAPSHOT_NETWORK" } });
    expect([store.head(), store.size()]).toEqual([undefined, 0]);
    expect(existsSync(join(folder, "snapshot"))).toBe(false);
    await store.close();
  });

  type Forge = (snapshot: Snapshot) => Snapshot;
  const flipped = (bytes: Uint8Array) => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
  const key = new Uint8Array(34).fill(0xfd);
  const forgeries: readonly [string, string, Forge][] = [
    ["a version of its own", "SNAPSHOT_FORM", (s) => ({ ...s, version: 7 })],
    ["a row too few", "SNAPSHOT_STATE", (s) => ({ ...s, rows: s.rows.slice(1) })],
    ["rows in another order", "SNAPSHOT_STATE", (s) => ({ ...s, rows: [...s.rows].reverse() })],
    ["a page too many", "SNAPSHOT_INDEX", (s) => ({ ...s, indexPages: [{ key, bytes: key }] })],
    [
      "another edge",
      "SNAPSHOT_EDGE",
      (s) => ({ ...s, vectorEdges: s.vectorEdges.map((e, at) => (at === 0 ? flipped(e) : e)) }),
    ],
    [
      "other outcomes",
      "SNAPSHOT_EDGE",
      (s) => ({ ...s, outcomeEdges: s.outcomeEdges.map((e, at) => (at === 0 ? flipped(e) : e)) }),
    ],
    ["the same commit twice", "SNAPSHOT_COMMIT", (s) => ({ ...s, naming: [s.commit] })],
    ["a commit cut short", "SNAPSHOT_COMMIT", (s) => ({ ...s, naming: s.naming.slice(1) })],
  ];

  it.each(forgeries)("is refused for a sound file with %s: %s", async (_what, code, forge) => {
    const read = decodeSnapshot(CRYPTO.hasher, await snapshot());
    if (!read.ok) throw new Error(read.rejection.code);
    const file = encodeSnapshot(CRYPTO.hasher, forge(read.value));
    folder = newFolder();
    const store = await openDiskLedger({ folder });
    const restored = await restoreSnapshot(store, file, HASH, CRYPTO);
    expect(restored).toMatchObject({ ok: false, rejection: { code } });
    expect([store.head(), store.size()]).toEqual([undefined, 0]);
    await store.close();
  });

  it("is not made before a commit names a state", async () => {
    folder = newFolder();
    const open = await openNode(folder);
    const made = makeSnapshot(open.store, GENESIS, CRYPTO);
    expect(made).toMatchObject({ ok: false, rejection: { code: "SNAPSHOT_EARLY" } });
    await open.close();
  });

  it("is not put over a ledger that is there", async () => {
    const bytes = await snapshot();
    const store = await openDiskLedger({ folder });
    const restored = await restoreSnapshot(store, bytes, HASH, CRYPTO);
    expect(restored).toMatchObject({ rejection: { code: "NODE_RESTORE" } });
    await store.close();
  });

  it("goes on where a restoring was cut off after the state was written", async () => {
    const bytes = await snapshot();
    folder = newFolder();
    const store = await openDiskLedger({ folder });
    const stop = new Error("cut off");
    const cut = Object.create(store) as typeof store;
    for (const name of ["head", "size", "commits", "floors", "page", "tile"] as const) {
      cut[name] = ((...words: never[]) =>
        (store[name] as (...w: never[]) => unknown)(...words)) as never;
    }
    cut.begin = (...words) => store.begin(...words);
    cut.append = () => Promise.reject(stop);
    await expect(restoreSnapshot(cut, bytes, HASH, CRYPTO)).rejects.toThrow("cut off");
    expect((await restoreSnapshot(store, bytes, HASH, CRYPTO)).ok).toBe(true);
    expect(store.size()).toBe(slots);
    await store.close();
  });
});

describe("the state after an earlier commit", () => {
  it("is read as it was while commits go on, and proved with the row or without", async () => {
    const open = await openNode(folder);
    const { number } = open.node.head();
    const before = open.node.stateAt(number);
    if (!before.ok) throw new Error(before.rejection.code);
    const balance = before.value.account(OWNER).balanceBase;
    await seal(open, 5);
    expect(open.node.account(OWNER).balanceBase).toBeLessThan(balance);
    expect(before.value.account(OWNER).balanceBase).toBe(balance);
    const context = { hasher: CRYPTO.hasher, genesis: GENESIS, scheme: SCHEME };
    for (const [row, isThere] of [
      [OWNER, true],
      [new Uint8Array(20), false],
    ] as const) {
      const key = stateKey(CRYPTO.hasher, "accounts", row);
      for (const at of [number - 1n, number, undefined]) {
        const receipt = open.node.proveState(key, at);
        if (!receipt.ok) throw new Error(receipt.rejection.code);
        expect(receipt.value.value !== undefined).toBe(isThere);
        const facts = verifyStateReceipt(receipt.value, context);
        expect(facts.ok && facts.value.commit).toBe(at ?? open.node.head().number - 1n);
        const other = { ...receipt.value, value: Uint8Array.of(1, 2, 3) };
        expect(verifyStateReceipt(other, context)).toMatchObject({
          rejection: { code: "LEDGER_RECEIPT_STATE" },
        });
      }
    }
    const newest = open.node.head().number;
    const early = open.node.proveState(new Uint8Array(32), newest);
    expect(early).toMatchObject({ rejection: { code: "NODE_STATE_EARLY" } });
    expect(open.node.stateAt(number + 9n)).toMatchObject({ rejection: { code: "NODE_COMMIT" } });
    await open.close();
  });

  it("has consistency proofs from every size", async () => {
    const open = await openNode(folder);
    for (const since of [1, 2, 255, 256, 257, 500, slots]) {
      const proof = open.node.consistency(BigInt(since));
      if (!proof.ok) throw new Error(proof.rejection.code);
      const { sinceRoot, vectorRoot, path } = proof.value;
      const sizes = { firstSize: since, firstRoot: sinceRoot, secondSize: slots };
      const claim = { ...sizes, secondRoot: vectorRoot, proof: path };
      expect(verifyConsistency(CRYPTO.hasher, claim)).toBe(true);
    }
    for (const since of [0n, BigInt(slots + 1)]) {
      expect(open.node.consistency(since)).toMatchObject({ rejection: { code: "NODE_SIZE" } });
    }
    await open.close();
  });
});
