/** The store of a ledger and the vote log, as sessions between power cuts. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDiskLedger, openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import type { CommitBatch, LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import type { SeededRandom } from "../../worlds/seeded-random.ts";
import { openMemoryDatabase } from "./memory-database.ts";
import type { CutSubject } from "./power-cuts.ts";
import { MOUNT } from "./simulated-files.ts";

const TILE_BYTES = 8_192;
const APPENDS = 4;

/** The lock is the machine's own and stands elsewhere. */
const lockFolder = mkdtempSync(join(tmpdir(), "vivian-cuts-"));
export const LOCK_FILE = join(lockFolder, "lock");
export const LOCK_FOLDER = lockFolder;

const text = (words: string) => new TextEncoder().encode(words);

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

function same(held: Uint8Array | undefined, due: Uint8Array, what: string): void {
  demand(held !== undefined && bytesEqual(held, due), what);
}

/** A commit of one to three records of up to some sectors, and a complete tile. */
function batchOf(number: number, firstSlot: number, random: SeededRandom): CommitBatch {
  const records = Array.from({ length: 1 + random.below(3) }, () =>
    random.bytes(1 + random.below(random.once(3) ? 2_000 : 200)),
  );
  return {
    number,
    firstSlot,
    records,
    outcomes: records.map((_, index) => text(`outcome ${firstSlot + index}`)),
    pages: [{ key: text("page"), bytes: text(`after ${number}`) }],
    tiles: [{ tree: "vector", level: number % 2, index: 1_000 * number, hashes: tileOf(number) }],
    index: [],
    certificate: text(`certificate ${number}`),
    head: text(`head ${number}`),
  };
}

function tileOf(number: number): Uint8Array {
  return new Uint8Array(TILE_BYTES).fill(1 + (number % 255));
}

/** Appends commits and moves tiles; whatever was acknowledged must be there ever after. */
export class StoreSessions implements CutSubject {
  readonly #acknowledged: CommitBatch[] = [];
  #underWay: CommitBatch | undefined;

  async session(disk: Parameters<CutSubject["session"]>[0], random: SeededRandom): Promise<void> {
    const folder = `${MOUNT}/ledger`;
    const open = () =>
      openDiskLedger(
        { folder, lockFile: LOCK_FILE },
        { openDatabase: (at) => openMemoryDatabase(disk, at) },
      );
    let store = await open();
    try {
      this.#check(store);
      for (let count = 0; count < APPENDS; count += 1) {
        await this.#append(store, random);
        if (random.once(3)) await store.settleTiles();
        // A process that is killed, not the machine: what it left unsynced is still seen.
        if (!random.once(4)) continue;
        await store.close();
        store = await open();
        this.#check(store);
      }
      await store.settleTiles();
      this.#check(store);
    } finally {
      await store.close();
    }
  }

  async #append(store: LedgerStore, random: SeededRandom): Promise<void> {
    const batch = batchOf(this.#acknowledged.length + 1, store.size(), random);
    this.#underWay = batch;
    await store.append(batch);
    this.#acknowledged.push(batch);
    this.#underWay = undefined;
  }

  #check(store: LedgerStore): void {
    const started = this.#underWay;
    const due = this.#acknowledged.reduce((sum, { records }) => sum + records.length, 0);
    if (started !== undefined && store.size() === due + started.records.length) {
      this.#acknowledged.push(started);
    } else demand(store.size() === due, `${store.size()} slots of ${due} acknowledged`);
    this.#underWay = undefined;
    for (const batch of this.#acknowledged) checkBatch(store, batch);
    const last = this.#acknowledged.at(-1);
    if (last !== undefined) same(store.head(), last.head, "the head is the last commit's");
  }
}

function checkBatch(store: LedgerStore, batch: CommitBatch): void {
  const { number, firstSlot, records, outcomes, certificate } = batch;
  for (const [index, record] of records.entries()) {
    same(store.record(firstSlot + index), record, `record ${firstSlot + index}`);
    same(store.outcome(firstSlot + index), outcomes[index], `outcome ${firstSlot + index}`);
  }
  same(store.commit(number)?.certificate, certificate, `certificate ${number}`);
  const [tile] = batch.tiles;
  same(store.tile(tile.tree, tile.level, tile.index), tile.hashes, `tile of commit ${number}`);
}

/** Two of them are too long for one log, which is then rewritten. */
const LARGE_VOTE_BYTES = 2_100_000;

/** Writes votes; the newest acknowledged one, or the one under way, must be the last. */
export class VoteSessions implements CutSubject {
  readonly #large: boolean;
  #last: Uint8Array | undefined;
  #underWay: Uint8Array | undefined;

  /** @param large  votes so long that the log is rewritten again and again */
  constructor(large: boolean) {
    this.#large = large;
  }

  async session(_disk: unknown, random: SeededRandom): Promise<void> {
    let log = this.#open();
    for (let count = 0; count < (this.#large ? 3 : 5); count += 1) {
      const vote = this.#large
        ? new Uint8Array(LARGE_VOTE_BYTES).fill(1 + random.below(255))
        : random.bytes(1 + random.below(1_500));
      this.#underWay = vote;
      await log.write(vote);
      this.#last = vote;
      this.#underWay = undefined;
      if (!random.once(4)) continue;
      await log.close();
      log = this.#open();
    }
    await log.close();
  }

  #open() {
    const log = openVoteLog(`${MOUNT}/ledger/votes`);
    const found = log.last();
    const underWay = this.#underWay;
    this.#underWay = undefined;
    // What is read is acted on, so from here on it counts as acknowledged.
    if (found !== undefined && underWay !== undefined && bytesEqual(found, underWay)) {
      this.#last = underWay;
      return log;
    }
    if (this.#last === undefined) demand(found === undefined, "a vote that was never written");
    else same(found, this.#last, "the last vote");
    return log;
  }
}
