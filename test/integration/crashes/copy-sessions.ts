/** An export, a snapshot and a restored folder of a real ledger, as sessions between power cuts. */

import { existsSync } from "node:fs";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import type { DiskLedgerNeeds } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { folderSource, folderTarget, zstd } from "../../../src-main/adapters/static-files/index.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import { genesisHash } from "../../../src-main/ledger/index.ts";
import {
  exportLedger,
  makeSnapshot,
  readSnapshot,
  restoreSnapshot,
  verifyExport,
} from "../../../src-main/node/index.ts";
import type { LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import type { SeededRandom } from "../../worlds/seeded-random.ts";
import { CRYPTO, GENESIS, newFolder, openNode, OWNER, transfer } from "../node/practice-node.ts";
import { openMemoryDatabase } from "./memory-database.ts";
import type { CutSubject } from "./power-cuts.ts";
import { MOUNT } from "./simulated-files.ts";
import { LOCK_FILE } from "./store-sessions.ts";

const HASH = genesisHash(CRYPTO.hasher, GENESIS);

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

function need<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(JSON.stringify(outcome.rejection));
}

/** A ledger of some 280 slots on this machine, and its snapshot. */
async function growLedger(): Promise<{ store: LedgerStore; snapshot: Uint8Array; slots: number }> {
  const folder = newFolder();
  const open = await openNode(folder);
  for (const count of [270, 1]) {
    const first = open.node.nextNonce(OWNER, 0);
    const nonces = Array.from({ length: count }, (_, at) => first + BigInt(at));
    await Promise.all(nonces.map((nonce) => open.node.submit(transfer(nonce))));
  }
  await open.close();
  const store = await openDiskLedger({ folder });
  const { bytes } = need(makeSnapshot(store, GENESIS, CRYPTO));
  return { store, snapshot: bytes, slots: store.size() };
}

const grown = await growLedger();

/** Exports; one that was told is whole, and a checkpoint never names what is not there. */
export class ExportSessions implements CutSubject {
  #told = false;

  async session(): Promise<void> {
    const folder = `${MOUNT}/export`;
    await this.#check(folder);
    const base = { store: grown.store, genesis: GENESIS, hasher: CRYPTO.hasher };
    const clock = { nowMs: () => 0, after: systemClock.after };
    const needs = { ...base, clock, compression: zstd, target: folderTarget(folder) };
    need(await exportLedger(needs));
    this.#told = true;
    await this.#check(folder);
  }

  async #check(folder: string): Promise<void> {
    const source = folderSource(folder);
    const checkpoint = await source.read("checkpoint", 4_096);
    demand(checkpoint.ok || !this.#told, "the checkpoint of an export that was told");
    const certificate = await source.read("certificate", 65_536);
    // The two names are made one after the other; where one is gone, the export is made again.
    if (!this.#told && !(checkpoint.ok && certificate.ok)) return;
    const needs = { source, genesisHash: HASH, crypto: CRYPTO, compression: zstd };
    need(await verifyExport({ ...needs, execute: false }));
  }
}

/** Writes a snapshot; one that was told is there and sound. */
export class SnapshotSessions implements CutSubject {
  #told = false;

  async session(): Promise<void> {
    await this.#check();
    const target = folderTarget(`${MOUNT}/backups/of today`);
    await target.put("ledger.snapshot", grown.snapshot);
    await target.settle();
    this.#told = true;
    await this.#check();
  }

  async #check(): Promise<void> {
    const read = await folderSource(`${MOUNT}/backups/of today`).read("ledger.snapshot", 2 ** 30);
    demand(read.ok || !this.#told, "the snapshot that was told");
    if (read.ok) need(readSnapshot(read.value, HASH, CRYPTO));
  }
}

/** Restores a folder; its node then goes on after the commit that names the snapshot. */
export class RestoreSessions implements CutSubject {
  #begun = false;
  #told = false;

  async session(disk: Parameters<CutSubject["session"]>[0], random: SeededRandom): Promise<void> {
    const folder = `${MOUNT}/ledger`;
    const needs = { openDatabase: (at: string) => openMemoryDatabase(disk, at) };
    // Its owner may start it before the restoring is done again: then it is finished.
    const isBegun = this.#begun && existsSync(`${folder}/snapshot`);
    if (isBegun && random.once(2)) await this.#start(folder, needs);
    const store = await openDiskLedger({ folder, lockFile: LOCK_FILE }, needs);
    try {
      if (this.#told) demand(store.size() >= grown.slots, "the slots that were told");
      this.#begun = true;
      const restored = await restoreSnapshot(store, grown.snapshot, HASH, CRYPTO);
      demand(restored.ok || store.size() >= grown.slots, JSON.stringify(restored));
      this.#told = true;
    } finally {
      await store.close();
    }
    await this.#start(folder, needs);
  }

  async #start(folder: string, disk: DiskLedgerNeeds): Promise<void> {
    const open = await openNode(folder, { disk, lockFile: LOCK_FILE });
    try {
      const { commits } = open.store.floors();
      const isRestored = open.store.snapshot() !== undefined;
      demand(isRestored || !this.#told, "the ledger that was told");
      if (isRestored) demand(open.store.size() >= grown.slots, "the commit that names it");
      demand(isRestored === commits > 0, "no other history is begun");
    } finally {
      await open.close();
    }
  }
}

/** Gives the machine's own ledger back. */
export async function endCopies(): Promise<void> {
  await grown.store.close();
}
