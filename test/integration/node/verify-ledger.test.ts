import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { ed25519Scheme, verifyReceipt } from "../../../src-main/ledger/index.ts";
import { verifyLedger } from "../../../src-main/node/index.ts";
import type { VerifyReport } from "../../../src-main/node/index.ts";
import type { LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import { CRYPTO, GENESIS, newFolder, OWNER, openNode, transfer } from "./practice-node.ts";

let folder = "";
let slots = 0;

/** Enough records that both trees have a complete tile. */
beforeAll(async () => {
  folder = newFolder();
  const { node, store, close } = await openNode(folder);
  for (const count of [200, 60]) {
    const first = node.nextNonce(OWNER, 0);
    const nonces = Array.from({ length: count }, (_, index) => first + BigInt(index));
    await Promise.all(nonces.map((nonce) => node.submit(transfer(nonce))));
  }
  await close();
  slots = store.size();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const needs = { clock: systemClock, crypto: CRYPTO };

async function check(): Promise<Pick<VerifyReport, "ok" | "code" | "facts">> {
  let store: LedgerStore | undefined;
  try {
    store = await openDiskLedger({ folder });
    return await verifyLedger(store, GENESIS, needs);
  } catch (error) {
    if (error instanceof Fault) return { ok: false, code: error.code, facts: error.facts };
    throw error;
  } finally {
    await store?.close();
  }
}

/** Flips one bit in every place of the file where `bytes` stand; restores it after `use`. */
async function withFlip<T>(file: string, bytes: Uint8Array, use: () => Promise<T>): Promise<T> {
  const whole = readFileSync(file);
  const flipped = Buffer.from(whole);
  let places = 0;
  for (let at = whole.indexOf(bytes); at >= 0; at = whole.indexOf(bytes, at + 1)) {
    flipped[at + Math.floor(bytes.length / 2)] ^= 0x10;
    places += 1;
  }
  expect(places, "the bytes stand in the file").toBeGreaterThan(0);
  writeFileSync(file, flipped);
  try {
    return await use();
  } finally {
    writeFileSync(file, whole);
  }
}

async function readFromStore(read: (store: LedgerStore) => Uint8Array): Promise<Uint8Array> {
  const store = await openDiskLedger({ folder });
  const bytes = read(store);
  await store.close();
  return bytes;
}

const present = (bytes: Uint8Array | undefined): Uint8Array => {
  if (bytes === undefined) throw new Error("the store has these bytes");
  return bytes;
};

/** An outcome with a fee: zeros alone stand in many other places too. */
function ownOutcome(store: LedgerStore): Uint8Array {
  const all = Array.from({ length: store.size() }, (_, slot) => store.outcome(slot));
  return present(all.find((bytes) => bytes.some((byte) => byte !== 0)));
}

const DATABASE = "database/data.mdb";

describe("verify-ledger", () => {
  it("accepts what a node wrote, counts it and reports progress", async () => {
    const store = await openDiskLedger({ folder });
    const told: number[] = [];
    const report = await verifyLedger(store, GENESIS, needs, ({ slots: at }) => told.push(at));
    expect(report).toMatchObject({ ok: true, code: undefined, slots });
    expect(report.certificates).toBe(report.commits);
    expect(report.supply?.burnedBase).toBeGreaterThan(0n);
    expect(report.tiles).toBe(6);
    expect(told.at(-1)).toBe(slots);
    await store.close();
  });

  it.each([
    ["a record", "entries", (s: LedgerStore) => s.record(100), "STORE_DAMAGED"],
    ["the last record", "entries", (s: LedgerStore) => s.record(s.size() - 1), "STORE_DAMAGED"],
    ["an outcome", DATABASE, (s: LedgerStore) => ownOutcome(s), "NODE_VERIFY_OUTCOME"],
    [
      "a certificate",
      DATABASE,
      (s: LedgerStore) => present(s.commit(2)?.certificate).subarray(-64),
      "NODE_VERIFY_CERTIFICATE",
    ],
    ["a state page", DATABASE, (s: LedgerStore) => [...s.pages()][3].bytes, "NODE_VERIFY_STATE"],
    [
      "the head",
      DATABASE,
      (s: LedgerStore) => present(s.head()).subarray(-24),
      "NODE_VERIFY_STATE",
    ],
    [
      "an edge tile",
      DATABASE,
      (s: LedgerStore) => present(s.tile("outcome", 0, 1)),
      "NODE_VERIFY_TILE",
    ],
    [
      "an index row",
      DATABASE,
      (s: LedgerStore) => s.index(Uint8Array.of(1, ...OWNER), 1)[0].bytes,
      "NODE_VERIFY_INDEX",
    ],
  ])("finds a flipped bit in %s", async (_what, file, read, code) => {
    const bytes = await readFromStore(read);
    const report = await withFlip(join(folder, file), bytes, check);
    expect([report.ok, report.code]).toEqual([false, code]);
    if (file === "entries") expect(report.facts["slot"]).toBeTypeOf("number");
    expect((await check()).ok, "and nothing once it is mended").toBe(true);
  });

  it("finds a flipped bit in every tile file, and does without a tile that is gone", async () => {
    const tiles = readdirSync(join(folder, "tiles"), { recursive: true, withFileTypes: true });
    const files = tiles.filter((entry) => entry.isFile());
    expect(files.length).toBe(2);
    for (const { parentPath, name } of files) {
      const file = join(parentPath, name);
      const whole = readFileSync(file);
      const report = await withFlip(file, whole.subarray(1_000, 1_032), check);
      expect(report.code).toBe("NODE_VERIFY_TILE");
      rmSync(file);
      expect((await check()).ok).toBe(true);
      writeFileSync(file, whole);
    }
  });

  it("finds a cut entry file before anything else", async () => {
    const file = join(folder, "entries");
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length - 3));
    const report = await check();
    expect([report.code, report.facts["slot"]]).toEqual(["STORE_DAMAGED", slots - 1]);
    writeFileSync(file, whole);
  });

  it("finds a commit whose record is another's, though every checksum fits", async () => {
    const store = await openDiskLedger({ folder });
    const swapped: LedgerStore = Object.create(store) as LedgerStore;
    swapped.size = () => store.size();
    swapped.floors = () => store.floors();
    swapped.record = (slot) => store.record(slot === 5 ? 6 : slot);
    swapped.head = () => store.head();
    swapped.outcome = (slot) => store.outcome(slot);
    swapped.commit = (number) => store.commit(number);
    const report = await verifyLedger(swapped, GENESIS, needs);
    expect([report.code, report.facts["slot"]]).toEqual(["NODE_VERIFY_RECORD", 5]);
    await store.close();
  });

  it("runs beside a node that goes on sealing", async () => {
    const { node, close } = await openNode(folder);
    let goesOn = true;
    const verifying = node.verify().finally(() => (goesOn = false));
    for (let sealedCount = 0; goesOn; sealedCount += 1) {
      await node.submit(transfer(node.nextNonce(OWNER, 0)));
    }
    expect(await verifying).toMatchObject({ ok: true });
    const { size } = node.head();
    await close();
    slots = Number(size);
  });

  it("gives a receipt that verifies although its tile is damaged", async () => {
    const file = join(folder, "tiles", "vector", "0", "0");
    const whole = readFileSync(file);
    await withFlip(file, whole.subarray(320, 352), async () => {
      const { node, close } = await openNode(folder);
      const receipt = await node.receipt(11n);
      const scheme = ed25519Scheme(CRYPTO.verifyEd25519);
      const context = { hasher: CRYPTO.hasher, genesis: GENESIS, scheme };
      expect(receipt.ok && verifyReceipt(receipt.value, context).ok).toBe(true);
      expect(node.prove(11n).ok).toBe(true);
      await close();
    });
  });
});
