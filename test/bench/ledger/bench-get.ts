/**
 * Measures reading any slot of a short and of a long ledger: as `ledger.get` answers it, and its
 * bytes from the store alone. Beside lmdb alone with the same records, and beside one bare read of
 * as many bytes from the same files, which tells how much of the growth is the processor's caches.
 * Each length is measured in turns with the other. The records are one, signed once: ten million
 * signatures would take longer than all the rest.
 */

import { closeSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import type { RootDatabase } from "lmdb";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { readRecord } from "../../../src-main/api/handlers/ledger-handlers.ts";
import type { RecordNeeds } from "../../../src-main/api/handlers/ledger-handlers.ts";
import { decode, encode } from "../../../src-main/codec/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { accept } from "../../../src-main/contract/outcome.ts";
import { recordOutcomeCodec } from "../../../src-main/ledger/index.ts";
import type { LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import { must, PracticeWorld } from "../../worlds/practice-world.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { median } from "../timing.ts";

const MEMO_BYTES = 128;
const COMMIT_SLOTS = 4_097;

const world = new PracticeWorld({ keys: "real" });
const RECORD = world.record("owner", {
  kind: "memo",
  to: world.address.stranger,
  memo: new Uint8Array(MEMO_BYTES).fill(7),
});
const OUTCOME = encode(recordOutcomeCodec, { code: "", feeBase: 10n ** 12n, effects: [] });

/** Runs these benchmarks. */
export async function benchGet(kit: BenchKit): Promise<void> {
  const sizes = [bySize(kit, 10_000, 10_000, 300), bySize(kit, 10_000_000, 1_000_000, 600)];
  const folder = mkdtempSync(join(tmpdir(), "vivian-bench-"));
  const ledgers: Ledger[] = [];
  try {
    for (const size of sizes) {
      ledgers.push(await filled(join(folder, String(size)), size, kit.peers));
    }
    const reads = bySize(kit, 20_000, 5_000, 50);
    for (let round = 0; round < bySize(kit, 15, 7, 1); round += 1) {
      for (const ledger of ledgers) for (const way of ledger.ways) measure(ledger, way, reads);
    }
    for (const { size, ways } of ledgers) {
      for (const [at, { name, p50, p95 }] of ways.entries()) {
        const of = `ledger.get/by=${name} bytes=${RECORD.length}`;
        kit.print(benchLine(`${of} part=p50 slots=${size}`, median(p50), "us"));
        const value = median(p95);
        const few = median(ledgers[0].ways[at].p95);
        const grown = { peer: `slots=${sizes[0]}`, peerValue: few, ratio: value / few };
        const line = benchLine(`${of} part=p95 slots=${size}`, value, "us");
        kit.print(size === sizes[0] ? line : { ...line, ...grown });
      }
    }
  } finally {
    for (const { close } of ledgers) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A way to read a record; answers whether it is the one of the slot. */
interface Way {
  readonly name: string;
  readonly read: (slot: number) => boolean;
  readonly p50: number[];
  readonly p95: number[];
}

interface Ledger {
  readonly size: number;
  readonly ways: readonly Way[];
  readonly next: () => number;
  readonly close: () => Promise<void>;
}

function measure({ next }: Ledger, { read, p50, p95 }: Way, reads: number): void {
  const micros = new Float64Array(reads);
  for (let at = 0; at < reads; at += 1) {
    const slot = next();
    const began = performance.now();
    const isRight = read(slot);
    micros[at] = 1_000 * (performance.now() - began);
    mustHold(isRight, "a slot");
  }
  micros.sort();
  p50.push(micros[Math.floor(0.5 * reads)]);
  p95.push(micros[Math.floor(0.95 * reads)]);
}

/** Numbers below a bound that look drawn, the same in every run. */
function drawn(seed: number, below: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function isRecord(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && bytesEqual(bytes, RECORD);
}

/** What `ledger.get` answers from, over a store whose certificates nobody asks for. */
function needsOver(store: LedgerStore): RecordNeeds {
  const outcomeOf = (bytes: Uint8Array) => accept(must(decode(recordOutcomeCodec, bytes)));
  return {
    hasher: nativeSha256,
    node: {
      record: (slot) => accept(store.record(Number(slot))),
      outcome: (slot) => outcomeOf(store.outcome(Number(slot))),
      genesisHash: () => world.context.genesisHash,
    },
  };
}

async function filled(folder: string, size: number, hasPeers: boolean): Promise<Ledger> {
  const store = await filledStore(folder, size);
  const way = (name: string, read: Way["read"]): Way => ({ name, read, p50: [], p95: [] });
  const needs = needsOver(store);
  const ways = [
    way("answer", (slot) => must(readRecord(needs, slot)).kind === "memo"),
    way("store", (slot) => isRecord(store.record(slot))),
  ];
  const ends: (() => Promise<void> | void)[] = [() => store.close()];
  if (hasPeers) {
    const database = await filledDatabase(join(folder, "peer"), size);
    ends.push(() => database.close());
    ways.push(way("lmdb", (slot) => isRecord(database.getBinary(slot))));
    const files = entryFiles(folder);
    ends.push(() => files.forEach(({ descriptor }) => closeSync(descriptor)));
    const bytes = new Uint8Array(RECORD.length + 8);
    const perSlot = files.reduce((sum, file) => sum + file.size, 0) / size;
    ways.push(
      way("bare-read", (slot) => {
        let at = Math.floor(slot * perSlot);
        for (const { descriptor, size: held } of files) {
          if (at < held) {
            // The last entry of a file may be cut short by its end.
            return readSync(descriptor, bytes, 0, bytes.length, at) > 0;
          }
          at -= held;
        }
        return false;
      }),
    );
  }
  const close = async (): Promise<void> => {
    for (const end of ends) await end();
  };
  return { size, ways, next: drawn(7, size), close };
}

async function filledStore(folder: string, size: number): Promise<LedgerStore> {
  const store = await openDiskLedger({ folder });
  const rest = { pages: [], tiles: [], index: [], certificate: new Uint8Array(150) };
  const head = new Uint8Array(500);
  for (let number = 1, slot = 0; slot < size; number += 1) {
    const count = Math.min(COMMIT_SLOTS, size - slot);
    const records = new Array<Uint8Array>(count).fill(RECORD);
    const outcomes = new Array<Uint8Array>(count).fill(OUTCOME);
    await store.append({ ...rest, number, firstSlot: slot, records, outcomes, head });
    slot += count;
  }
  return store;
}

async function filledDatabase(
  path: string,
  size: number,
): Promise<RootDatabase<Uint8Array, number>> {
  const database = open<Uint8Array, number>({ path, encoding: "binary" });
  for (let slot = 0; slot < size;) {
    database.transactionSync(() => {
      const end = Math.min(size, slot + 100_000);
      for (; slot < end; slot += 1) database.putSync(slot, RECORD);
    });
  }
  await database.flushed;
  return database;
}

function entryFiles(folder: string): { readonly descriptor: number; readonly size: number }[] {
  const names = readdirSync(folder).filter((name) => name.startsWith("entries"));
  return names.map((name) => {
    const path = join(folder, name);
    return { descriptor: openSync(path, "r"), size: statSync(path).size };
  });
}
