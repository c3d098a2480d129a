/** The repair of a ledger whose database is gone, as sessions between power cuts. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDiskLedger, openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import type { DiskLedgerNeeds } from "../../../src-main/adapters/disk/index.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { repairInPlace } from "../../../src-main/processes/cli/ledger-repair.ts";
import type { SeededRandom } from "../../worlds/seeded-random.ts";
import { CRYPTO, GENESIS, KEYS, newFolder, openNode, OWNER } from "../node/practice-node.ts";
import { transfer } from "../node/practice-node.ts";
import { openMemoryDatabase } from "./memory-database.ts";
import type { CutSubject } from "./power-cuts.ts";
import { changeFile, changeNames, newFile, newFolder as folderOf } from "./simulated-disk.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";
import { syncFile, syncNames } from "./simulated-disk.ts";
import { MOUNT } from "./simulated-files.ts";
import { LOCK_FILE } from "./store-sessions.ts";

const FOLDER = `${MOUNT}/ledger`;

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

/** Two commits on this machine: what the entry files and the vote log of a damaged one hold. */
async function growShort() {
  const folder = newFolder();
  const open = await openNode(folder);
  // One record and the commit that names it: as many steps in every run.
  await open.node.submit(transfer(open.node.nextNonce(OWNER, 0)));
  await open.node.receipt(open.node.head().size - 1n);
  const records = Array.from({ length: open.store.size() }, (_, slot) => open.store.record(slot));
  await open.close();
  const files = ["entries", "votes"].map((name) => {
    return { name, bytes: new Uint8Array(readFileSync(join(folder, name))) };
  });
  // Which of two folders is the damaged one; no repair copies it.
  files.push({ name: "mark", bytes: new Uint8Array(700).fill(7) });
  return { records, files };
}

const short = await growShort();

/** Repairs, or starts; a ledger that was put in place is whole, and the damaged one is kept. */
export class RepairSessions implements CutSubject {
  #laid = false;
  #told = false;

  async session(disk: SimulatedDisk, random: SeededRandom): Promise<void> {
    if (!this.#laid) layDamaged(disk);
    this.#laid = true;
    const needs = { openDatabase: (at: string) => openMemoryDatabase(disk, at) };
    const store = { lockFile: LOCK_FILE };
    // Its owner may start it first: a repair that was whole is put in place then.
    if (random.once(2) && (await this.#starts(needs))) return;
    const { sign } = KEYS;
    const base = { genesis: GENESIS, crypto: CRYPTO, sign, given: undefined };
    const repaired = await repairInPlace(FOLDER, { ...base, store, disk: needs });
    demand(repaired.ok, JSON.stringify(repaired));
    this.#told = true;
    demand(await this.#starts(needs), "a ledger that was repaired");
  }

  /** Whether the store opens, whole; a damaged one is refused, and no other is begun. */
  async #starts(disk: DiskLedgerNeeds): Promise<boolean> {
    demand(holds(/^ledger(-damaged-\d+)?$/, short.files), "the damaged folder");
    // Before a start, which syncs what it finds, and may have another repair to put in place.
    const votes = short.files.filter(({ name }) => name === "votes");
    demand(!this.#told || holds(/^ledger(\.repaired)?$/, votes), "what the validator signed");
    try {
      const store = await openDiskLedger({ folder: FOLDER, lockFile: LOCK_FILE }, disk);
      try {
        const held = short.records.map((_, slot) => store.record(slot));
        demand(isSame(held), "the records of the repaired ledger");
        await openVoteLog(`${FOLDER}/votes`).close();
      } finally {
        await store.close();
      }
      return true;
    } catch (error) {
      const isDamaged = error instanceof Fault && error.code === "STORE_DAMAGED";
      if (!isDamaged || this.#told) throw error;
      return false;
    }
  }
}

/** The damaged ledger, durable: entries and votes without a database. */
function layDamaged(disk: SimulatedDisk): void {
  const ledger = folderOf();
  for (const { name, bytes } of short.files) {
    const file = newFile();
    changeFile(file, { kind: "write", at: 0, bytes });
    syncFile(file);
    changeNames(ledger, { drop: undefined, put: [name, file] });
  }
  syncNames(ledger);
  changeNames(disk.root, { drop: undefined, put: ["ledger", ledger] });
  syncNames(disk.root);
}

function isSame(held: readonly Uint8Array[]): boolean {
  return held.every((record, slot) => Buffer.compare(record, short.records[slot]) === 0);
}

/** Whether a folder of such a name holds every byte of these files. */
function holds(folder: RegExp, files: typeof short.files): boolean {
  const names = readdirSync(MOUNT).filter((name) => folder.test(name));
  return names.some((name) =>
    files.every((file) => {
      const path = join(MOUNT, name, file.name);
      if (!existsSync(path)) return false;
      return Buffer.compare(readFileSync(path).subarray(0, file.bytes.length), file.bytes) === 0;
    }),
  );
}
