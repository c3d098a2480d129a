/**
 * Measures the state: commits of changed rows with their root, in memory and through to the disk,
 * beside lmdb alone, which is given the same rows in one durable transaction and makes no root.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { chooseMapHashing, nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { stateMapRoot, updateStateMap } from "../../../src-main/ledger/index.ts";
import type { StateMapUpdate } from "../../../src-main/ledger/index.ts";
import type { CommitBatch } from "../../../src-main/ports/ledger-store.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";

/** Bytes of a row's value: an account's or a lane's is about as long. */
const VALUE_BYTES = 32;

interface Row {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Distinct bytes of a number, as a digest of its own. */
function digestOf(number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, number, true);
  return nativeSha256(bytes);
}

/** Runs the benchmarks of the state. */
export async function benchState(kit: BenchKit): Promise<void> {
  const rows = bySize(kit, 100_000, 20_000, 500);
  const changes = bySize(kit, 1_000, 1_000, 50);
  const keys = Array.from({ length: rows }, (_, row) => digestOf(row));
  const some = (round: number): Row[] => {
    const value = digestOf(-round).subarray(0, VALUE_BYTES);
    return Array.from({ length: changes }, (_, at) => {
      return { key: keys[(at * 97 + round * 31) % rows], value };
    });
  };
  const every = keys.map((key) => ({ key, value: digestOf(-1) }));
  const size = `rows=${rows} changes=${changes}`;
  await inMemory(kit, size, every, some);
  await onDisk(kit, size, every, some);
}

type Some = (round: number) => Row[];

const native = { hasher: nativeSha256, hashPairs: chooseMapHashing() };

async function inMemory(
  kit: BenchKit,
  size: string,
  every: readonly Row[],
  some: Some,
): Promise<void> {
  const pages = new Map<string, Uint8Array>();
  const text = (key: Uint8Array): string => Buffer.from(key).toString("latin1");
  const readPage = (key: Uint8Array): Uint8Array | undefined => pages.get(text(key));
  const needs = { ...native, readPage };
  const keep = (update: StateMapUpdate): void => {
    for (const { key, bytes } of update.pages) {
      if (bytes === undefined) pages.delete(text(key));
      else pages.set(text(key), bytes);
    }
  };
  keep(updateStateMap(needs, every));
  const first = some(2);
  const update = updateStateMap(needs, first);
  const defined = updateStateMap({ hasher: sha256, readPage }, first);
  mustHold(bytesEqual(update.root, defined.root), "the state root");
  keep(update);
  mustHold(bytesEqual(stateMapRoot(needs), update.root), "the stored state root");
  let round = 2;
  const [seconds] = await takeTurns(bySize(kit, 21, 7, 1), [
    () => {
      round += 1;
      const changed = some(round);
      return secondsEach(1, () => keep(updateStateMap(needs, changed)));
    },
  ]);
  const rate = first.length / seconds;
  kit.print(benchLine(`ledger.state-update/${size} store=none`, rate, "rows/s"));
}

/** Our store with the retention of a node and with none, one after the other as daemons have it. */
async function onDisk(
  kit: BenchKit,
  size: string,
  every: readonly Row[],
  some: Some,
): Promise<void> {
  for (const retention of [256, 0]) await withRetention(kit, retention, size, every, some);
}

/** One store; lmdb alone in turns with it. */
async function withRetention(
  kit: BenchKit,
  retention: number,
  size: string,
  every: readonly Row[],
  some: Some,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "vivian-bench-"));
  const plain = open<Uint8Array, Uint8Array>({
    path: join(folder, "plain"),
    overlappingSync: false,
    encoding: "binary",
    keyEncoding: "binary",
  });
  plain.transactionSync(() => every.forEach(({ key, value }) => plain.putSync(key, value)));
  const store = await openDiskLedger({ folder: join(folder, "own"), stateRetention: retention });
  try {
    const begun = updateStateMap({ ...native, readPage: () => undefined }, every);
    await store.begin(new Uint8Array(1), begun.pages);
    const readPage = (key: Uint8Array): Uint8Array | undefined => store.page(key);
    let number = 0;
    const commit = async (): Promise<number> => {
      number += 1;
      const changed = some(number + 1);
      return secondsEach(1, async () => {
        const { pages } = updateStateMap({ ...native, readPage }, changed);
        await store.append(commitOf(number, pages));
      });
    };
    // As many as are carried into the table of pages together, so that its share is counted.
    const block = bySize(kit, 64, 24, 2);
    const commits = async (): Promise<number> => {
      let seconds = 0;
      for (let at = 0; at < block; at += 1) seconds += await commit();
      return seconds / block;
    };
    let round = 1;
    const put = (): Promise<number> => {
      round += 1;
      const changed = some(round);
      return secondsEach(1, () =>
        plain.transactionSync(() => changed.forEach(({ key, value }) => plain.putSync(key, value))),
      );
    };
    const [seconds, peerSeconds] = await takeTurns(bySize(kit, 5, 3, 1), [commits, put]);
    mustHold(store.commits() === number, "the stored commits");
    const count = some(1).length;
    const name = `ledger.state-update/${size} store=disk retention=${retention}`;
    const peer = { peer: "lmdb-put", peerValue: count / peerSeconds };
    kit.print(benchLine(name, count / seconds, "rows/s", peer));
  } finally {
    await store.close();
    await plain.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A commit of one slot that changes these pages. */
function commitOf(number: number, pages: CommitBatch["pages"]): CommitBatch {
  return {
    number,
    firstSlot: number - 1,
    records: [new Uint8Array(200)],
    outcomes: [new Uint8Array(30)],
    pages,
    tiles: [],
    index: [],
    certificate: new Uint8Array(150),
    head: new Uint8Array(500),
  };
}
