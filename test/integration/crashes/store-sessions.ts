/** The store of a ledger, with every write it has, as sessions between power cuts. */

import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import type {
  CommitBatch,
  IndexRow,
  LedgerStore,
  StorePruning,
} from "../../../src-main/ports/ledger-store.ts";
import type { SeededRandom } from "../../worlds/seeded-random.ts";
import { openMemoryDatabase } from "./memory-database.ts";
import type { CutSubject } from "./power-cuts.ts";
import { MOUNT } from "./simulated-files.ts";

const FOLDER = `${MOUNT}/ledger`;
const TILE_BYTES = 8_192;
const APPENDS = 4;
/** So that every few commits begin another entry file, and pruning copies one. */
const SEGMENT_BYTES = 3_000;
const RETENTION = 3;
/** The first commits: two runs of slots that can be pruned, a file's end between them. */
const LONG_COMMITS: readonly number[] = [256, 264];
const RUN = 256;

/** The lock is the machine's own and stands elsewhere. */
const lockFolder = mkdtempSync(join(tmpdir(), "vivian-cuts-"));
export const LOCK_FILE = join(lockFolder, "lock");
export const LOCK_FOLDER = lockFolder;

const text = (words: string) => new TextEncoder().encode(words);

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

function same(held: Uint8Array | undefined, due: Uint8Array | undefined, what: string): void {
  const equal = held === undefined || due === undefined ? held === due : bytesEqual(held, due);
  demand(equal, what);
}

const tileOf = (number: number) => new Uint8Array(TILE_BYTES).fill(1 + (number % 255));

/** Pages of commit `number`: one that each changes, one of its own that the third after deletes. */
function pagesOf(number: number) {
  return [
    { key: text("page"), bytes: text(`after ${number}`) },
    { key: text(`page ${number}`), bytes: text(`of ${number}`) },
    { key: text(`page ${number - 3}`), bytes: undefined },
  ];
}

/** What `page` gives for a key after a commit. */
function pageAfter(commit: number, name: string): Uint8Array | undefined {
  if (name === "page") return commit === 0 ? undefined : text(`after ${commit}`);
  const of = Number(name.slice(5));
  return of <= commit && commit < of + 3 ? text(`of ${of}`) : undefined;
}

/** A commit of a few records of up to some sectors, a complete tile and an index row. */
function batchOf(number: number, firstSlot: number, random: SeededRandom): CommitBatch {
  const long = LONG_COMMITS[number - 1];
  const count = long ?? 1 + random.below(3);
  const records = Array.from({ length: count }, () =>
    random.bytes(1 + random.below(long !== undefined ? 12 : random.once(3) ? 2_000 : 200)),
  );
  return {
    number,
    firstSlot,
    records,
    outcomes: records.map((_, index) => text(`outcome ${firstSlot + index}`)),
    pages: pagesOf(number),
    tiles: [{ tree: "vector", level: number % 2, index: 10 + number, hashes: tileOf(number) }],
    index: [{ key: text(`row ${number}`), bytes: text("appended") }],
    certificate: text(`certificate ${number}`),
    head: text(`head ${number}`),
  };
}

/** One write that was begun and not yet acknowledged. */
type UnderWay =
  | { readonly kind: "append"; readonly batch: CommitBatch }
  | { readonly kind: "prune"; readonly pruning: StorePruning }
  | { readonly kind: "index"; readonly word: string };

/** Appends, prunes, moves tiles, replaces the index; what was acknowledged is there ever after. */
export class StoreSessions implements CutSubject {
  readonly #acknowledged: CommitBatch[] = [];
  #pruned: StorePruning | undefined;
  /** The last pruning's, and those of prunings that were begun since. */
  #snapshots: Uint8Array[] = [];
  /** What the index rows of stored commits hold. */
  #indexWord = new Map<number, string>();
  #underWay: UnderWay | undefined;

  async session(disk: Parameters<CutSubject["session"]>[0], random: SeededRandom): Promise<void> {
    const place = { folder: FOLDER, lockFile: LOCK_FILE };
    const options = {
      ...place,
      segmentBytes: SEGMENT_BYTES,
      stateRetention: RETENTION,
      waitingCommits: 2,
    };
    const needs = { openDatabase: (at: string) => openMemoryDatabase(disk, at) };
    const open = () => openDiskLedger(options, needs);
    let store = await open();
    let moving: Promise<void> | undefined;
    try {
      this.#check(store);
      for (let count = 0; count < APPENDS; count += 1) {
        moving = random.once(3) ? store.settleTiles() : undefined;
        // What it meets is told by whoever waits for it.
        moving?.catch(() => undefined);
        await this.#append(store, random);
        await moving;
        if (random.once(2)) await this.#prune(store);
        // A process that is killed, not the machine: what it left unsynced is still seen.
        if (!random.once(4)) continue;
        await store.close();
        store = await open();
        this.#check(store);
      }
      await store.settleTiles();
      if (random.once(2)) await this.#replaceIndex(store, `replaced ${random.below(1_000)}`);
      this.#check(store);
    } finally {
      // Its power is cut too: it must not go on when the next session has another disk.
      await moving?.catch(() => undefined);
      await store.close();
    }
  }

  async #append(store: LedgerStore, random: SeededRandom): Promise<void> {
    const batch = batchOf(this.#acknowledged.length + 1, store.size(), random);
    this.#underWay = { kind: "append", batch };
    await store.append(batch);
    this.#stored(batch);
  }

  async #prune(store: LedgerStore): Promise<void> {
    const below = store.floors().payloads + RUN;
    if (below > store.size()) return;
    const tiles = [
      { tree: "vector" as const, level: 0, index: below / RUN, hashes: tileOf(below) },
    ];
    const pruning = { below, tiles, snapshot: text(`snapshot of ${below}`.repeat(70)) };
    this.#underWay = { kind: "prune", pruning };
    this.#snapshots.push(pruning.snapshot);
    await store.prune(pruning);
    this.#pruned = pruning;
    this.#snapshots = [pruning.snapshot];
    this.#underWay = undefined;
    this.#checkFreed(store);
  }

  async #replaceIndex(store: LedgerStore, word: string): Promise<void> {
    this.#underWay = { kind: "index", word };
    await store.replaceIndex(
      this.#acknowledged.map(({ number }) => ({ key: text(`row ${number}`), bytes: text(word) })),
    );
    this.#replaced(word);
  }

  #stored(batch: CommitBatch): void {
    this.#acknowledged.push(batch);
    this.#indexWord.set(batch.number, "appended");
    this.#underWay = undefined;
  }

  #replaced(word: string): void {
    for (const { number } of this.#acknowledged) this.#indexWord.set(number, word);
    this.#underWay = undefined;
  }

  /** A write under way is there whole or not at all; which of both counts from now on. */
  #check(store: LedgerStore): void {
    const begun = this.#underWay;
    const due = this.#acknowledged.reduce((sum, { records }) => sum + records.length, 0);
    if (begun?.kind === "append" && store.size() === due + begun.batch.records.length) {
      this.#stored(begun.batch);
    } else demand(store.size() === due, `${store.size()} slots of ${due} acknowledged`);
    if (begun?.kind === "prune" && store.floors().payloads === begun.pruning.below) {
      this.#pruned = begun.pruning;
      this.#snapshots = [begun.pruning.snapshot];
    }
    if (begun?.kind === "index" && this.#wordOf(store, 1) === begun.word)
      this.#replaced(begun.word);
    const floor = this.#pruned?.below ?? 0;
    demand(store.floors().payloads === floor, `floor ${store.floors().payloads} of ${floor}`);
    this.#checkSnapshot(store);
    this.#underWay = undefined;
    for (const batch of this.#acknowledged) this.#checkBatch(store, batch, floor);
    this.#checkPages(store);
    this.#checkFreed(store);
    const last = this.#acknowledged.at(-1);
    if (last !== undefined) same(store.head(), last.head, "the head is the last commit's");
  }

  /** The snapshot is written before the floor rises, so a newer one may be there already. */
  #checkSnapshot(store: LedgerStore): void {
    const held = store.snapshot();
    const isKnown = this.#snapshots.some((each) => held !== undefined && bytesEqual(held, each));
    demand(isKnown || (held ?? this.#pruned) === undefined, "the snapshot of the last pruning");
    for (const { tree, level, index, hashes } of this.#pruned?.tiles ?? []) {
      same(store.tile(tree, level, index), hashes, "a tile of pruned slots");
    }
  }

  #checkBatch(store: LedgerStore, batch: CommitBatch, floor: number): void {
    const { number, firstSlot, records, outcomes, certificate } = batch;
    for (const [index, record] of records.entries()) {
      const slot = firstSlot + index;
      // Of the long commits a few; what their files hold in all is checked apart.
      if (number <= LONG_COMMITS.length && index % 37 !== 0 && index !== records.length - 1)
        continue;
      if (slot >= floor) same(store.record(slot), record, `record ${slot}`);
      same(store.outcome(slot), outcomes[index], `outcome ${slot}`);
    }
    same(store.commit(number)?.certificate, certificate, `certificate ${number}`);
    const [tile] = batch.tiles;
    same(store.tile(tile.tree, tile.level, tile.index), tile.hashes, `tile of commit ${number}`);
    demand(this.#wordOf(store, number) === this.#indexWord.get(number), `index row ${number}`);
  }

  #wordOf(store: LedgerStore, number: number): string | undefined {
    const rows: IndexRow[] = store.index(text(`row ${number}`), 20);
    const row = rows.find(({ key }) => bytesEqual(key, text(`row ${number}`)));
    return row === undefined ? undefined : new TextDecoder().decode(row.bytes);
  }

  /** Each page as it is and as it was after each commit that is kept. */
  #checkPages(store: LedgerStore): void {
    const newest = this.#acknowledged.length;
    const oldest = Math.max(0, newest - RETENTION);
    demand(newest === 0 || store.oldestState() === oldest, `states from ${store.oldestState()}`);
    for (let commit = oldest; commit <= newest; commit += 1) {
      const names = [
        "page",
        ...[0, 1, 2, 3, 4].map((back) => `page ${Math.max(0, commit - back)}`),
      ];
      for (const name of names) {
        if (name === "page 0") continue;
        same(store.pageAt(commit, text(name)), pageAfter(commit, name), `${name} after ${commit}`);
      }
    }
  }

  /** Entry files hold what is held, and less than one file of what was pruned. */
  #checkFreed(store: LedgerStore): void {
    const names = readdirSync(FOLDER).filter((name) => name.startsWith("entries"));
    const sizes = names.map((name) => statSync(join(FOLDER, name)).size);
    const floor = store.floors().payloads;
    const records = this.#acknowledged.flatMap(({ firstSlot, records: held }) =>
      held.filter((_, index) => firstSlot + index >= floor),
    );
    const due = records.reduce((sum, record) => sum + 8 + record.length, 0);
    const held = sizes.reduce((sum, size) => sum + size - 16, 0);
    demand(held === due, `${held} bytes of entries, ${due} are held`);
  }
}
