/** Measures the ledger's store: appending with and without waiting for the disk, and its check. */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { verifyLedger } from "../../../src-main/node/index.ts";
import type { CommitBatch } from "../../../src-main/ports/ledger-store.ts";
import {
  CRYPTO,
  GENESIS,
  openNode,
  OWNER,
  transfer,
} from "../../integration/node/practice-node.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { median, secondsEach, takeTurns } from "../timing.ts";

/** A file system in memory, where waiting for the disk costs nothing. */
const MEMORY_FOLDER = "/dev/shm";

const RECORD_BYTES = 200;

/** Runs the benchmarks of the store. */
export async function benchStore(kit: BenchKit): Promise<void> {
  await benchAppend(kit, tmpdir(), "yes");
  if (existsSync(MEMORY_FOLDER)) await benchAppend(kit, MEMORY_FOLDER, "no");
  await benchVerify(kit);
}

function batch(number: number, firstSlot: number, count: number): CommitBatch {
  const bytes = (length: number, seed: number) => new Uint8Array(length).fill(seed);
  const key = (index: number) => {
    const page = bytes(33, 1);
    new DataView(page.buffer).setUint32(0, (number * 7 + index) % 4_096);
    return page;
  };
  return {
    number,
    firstSlot,
    records: Array.from({ length: count }, (_, at) => bytes(RECORD_BYTES, firstSlot + at)),
    outcomes: Array.from({ length: count }, () => bytes(30, 2)),
    pages: Array.from({ length: 4 }, (_, index) => ({ key: key(index), bytes: bytes(1_000, 3) })),
    tiles: [],
    index: [],
    certificate: bytes(150, 4),
    head: bytes(500, number),
  };
}

async function benchAppend(kit: BenchKit, place: string, sync: string): Promise<void> {
  for (const count of [1, 256]) {
    const folder = mkdtempSync(join(place, "vivian-bench-"));
    const store = await openDiskLedger({ folder });
    try {
      await store.begin(new Uint8Array(1), []);
      let number = 0;
      const append = async () => {
        number += 1;
        await store.append(batch(number, (number - 1) * count, count));
      };
      const commits = bySize(kit, 20, 8, 1);
      const rounds = bySize(kit, 7, 3, 1);
      const [seconds] = await takeTurns(rounds, [() => secondsEach(commits, append)]);
      const last = store.record(number * count - 1);
      mustHold(store.size() === number * count && last.length === RECORD_BYTES, "what was stored");
      const name = `ledger.append/store=disk records=${count} bytes=${RECORD_BYTES} sync=${sync}`;
      kit.print(benchLine(name, count / seconds, "records/s"));
    } finally {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** The check of a whole ledger, every record executed again. */
async function benchVerify(kit: BenchKit): Promise<void> {
  const count = bySize(kit, 200, 40, 2);
  const folder = mkdtempSync(join(tmpdir(), "vivian-bench-"));
  try {
    const { node, close } = await openNode(folder);
    const first = node.nextNonce(OWNER, 0);
    const nonces = Array.from({ length: count }, (_, index) => first + BigInt(index));
    await Promise.all(nonces.map((nonce) => node.submit(transfer(nonce))));
    await close();
    const store = await openDiskLedger({ folder });
    const needs = { clock: systemClock, crypto: CRYPTO };
    const times: number[] = [];
    for (let round = 0; round < bySize(kit, 5, 2, 1); round += 1) {
      const began = performance.now();
      const report = await verifyLedger(store, GENESIS, needs);
      times.push((performance.now() - began) / 1000);
      mustHold(report.ok, `the ledger is whole, but ${report.code}`);
    }
    const slots = store.size();
    await store.close();
    kit.print(benchLine(`ledger.verify/slots=${slots}`, slots / median(times), "records/s"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
