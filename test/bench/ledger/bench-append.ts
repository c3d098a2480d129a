/**
 * Measures appending: records of 300 bytes with the vector's root and tiles, in memory and through
 * to the disk, beside lmdb alone, which is given the same records in one durable transaction a
 * commit and makes no root.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { leafHashes, merkleRoot, MerkleFrontier, sha256 } from "../../../src-main/crypto/index.ts";
import { tilesAfter, tilesOfStore } from "../../../src-main/node/tree-tiles.ts";
import type { LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";

const RECORD_BYTES = 300;

/** An outcome of a transfer: no code, a fee, no effects. */
const OUTCOME = new Uint8Array(24);

/** Distinct records; what differs stands in their first bytes. */
function recordsFrom(first: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => {
    const record = new Uint8Array(RECORD_BYTES).fill(at % 251);
    new DataView(record.buffer).setFloat64(0, first + at);
    return record;
  });
}

/** Runs the benchmarks of appending. */
export async function benchAppend(kit: BenchKit): Promise<void> {
  const batch = bySize(kit, 4_096, 4_096, 20);
  checkRoot(batch);
  await inMemory(kit, batch);
  await onDisk(kit, batch);
}

function checkRoot(batch: number): void {
  const records = recordsFrom(0, Math.min(batch, 600) + 7);
  const frontier = new MerkleFrontier(nativeSha256);
  frontier.appendAll(leafHashes(nativeSha256, records.slice(0, 7)));
  frontier.appendAll(leafHashes(nativeSha256, records.slice(7)));
  mustHold(bytesEqual(frontier.root(), merkleRoot(sha256, records)), "the vector's root");
}

async function inMemory(kit: BenchKit, batch: number): Promise<void> {
  const records = recordsFrom(0, batch);
  const frontier = new MerkleFrontier(nativeSha256);
  const [seconds] = await takeTurns(bySize(kit, 21, 7, 1), [
    () =>
      secondsEach(1, () => {
        frontier.appendAll(leafHashes(nativeSha256, records));
        return frontier.root();
      }),
  ]);
  const name = `ledger.append/store=none batch=${batch} bytes=${RECORD_BYTES}`;
  kit.print(benchLine(name, batch / seconds, "records/s"));
}

/** One commit: leaves, root and tiles of the vector; records and all of it durable. */
async function appendCommit(
  store: LedgerStore,
  frontier: MerkleFrontier,
  records: readonly Uint8Array[],
): Promise<void> {
  const leaves = leafHashes(nativeSha256, records);
  const growth = { tree: "vector", frontier: frontier.serialise(), leafHashes: leaves } as const;
  const tiles = tilesAfter(nativeSha256, growth, tilesOfStore(nativeSha256, store));
  frontier.appendAll(leaves);
  await store.append({
    number: store.commits() + 1,
    firstSlot: store.size(),
    records,
    outcomes: records.map(() => OUTCOME),
    pages: [],
    tiles,
    index: [],
    certificate: new Uint8Array(150),
    head: frontier.root(),
  });
}

async function onDisk(kit: BenchKit, batch: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "vivian-bench-"));
  const store = await openDiskLedger({ folder: join(folder, "ours") });
  const plain = open<Uint8Array, number>({
    path: join(folder, "plain"),
    overlappingSync: false,
    encoding: "binary",
  });
  try {
    await store.begin(new Uint8Array(1), []);
    const frontier = new MerkleFrontier(nativeSha256);
    const rounds = bySize(kit, 21, 7, 1);
    const commits = Array.from({ length: rounds }, (_, at) => recordsFrom(at * batch, batch));
    let ours = 0;
    let slot = 0;
    const [appending, putting] = await takeTurns(rounds, [
      () => secondsEach(1, () => appendCommit(store, frontier, commits[ours++])),
      () => {
        const records = commits[slot / batch];
        return secondsEach(1, () =>
          plain.transactionSync(() => records.forEach((each) => plain.putSync(slot++, each))),
        );
      },
    ]);
    mustHold(bytesEqual(store.head() as Uint8Array, merkleRoot(sha256, commits.flat())), "root");
    const last = store.record(rounds * batch - 1);
    mustHold(bytesEqual(last, commits[rounds - 1][batch - 1]), "the last record");
    const name = `ledger.append/store=disk batch=${batch} bytes=${RECORD_BYTES} sync=yes`;
    const peerValue = batch / putting;
    const against = { peer: "lmdb-put", peerValue };
    kit.print(benchLine(name, batch / appending, "records/s", against));
  } finally {
    await store.close();
    await plain.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
