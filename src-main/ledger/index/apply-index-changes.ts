/**
 * Decides how the index follows the log: additions and retractions of a commit in slot order, then
 * the builds that are due. A pure function of the pages before and the commit's applied records, so
 * whoever replays the log gets the same root (ARCHITECTURE.md section 17, "Similarity index").
 */

import { bytesToHex } from "../../contract/bytes.ts";
import { encode } from "../../codec/index.ts";
import { stateMapRoot, updateStateMap } from "../state/map.ts";
import { carryOutBuild } from "./carry-out-build.ts";
import { buildWork, collectionCodec, collectionKey, dueEpoch, outgrown } from "./collection.ts";
import { mapReader } from "./collection-pages.ts";
import { CollectionWork } from "./collection-work.ts";
import { storedEntry } from "./entry.ts";
import { BUILD_WORK_AT_ONCE_MAX, BUILDS_WAITING_MAX } from "./limits.ts";
import { mapPageKey, waitingKey } from "./page-keys.ts";
import { PageWork } from "./page-work.ts";
import { SlotWork } from "./slot-work.ts";
import type {
  IndexAddition,
  IndexChange,
  IndexCommit,
  IndexNeeds,
  IndexRetraction,
  IndexUpdate,
  IndexView,
} from "./types.ts";
import { encodeWaiting, readWaiting, withBuild } from "./waiting-builds.ts";

/** The root over the pages as they are; 32 zeros while there is no collection. */
export function indexRootOf({ hasher, readPage }: IndexView): Uint8Array {
  return stateMapRoot({ hasher, readPage: mapReader(readPage) });
}

/**
 * Carries out what a commit changes, and the builds that are due with it.
 * @param before   the root before, answered as it is where nothing changes
 * @param changes  ascending by slot; of applied records alone
 * @cost           an addition: one distance to each centroid; a touched collection: two hashes for
 *                 each of its lists; a build: see `build-centroids.ts`
 */
export function applyIndexChanges(
  needs: IndexNeeds,
  before: Uint8Array,
  changes: readonly IndexChange[],
  commit: IndexCommit,
): IndexUpdate {
  const work = new IndexWork(needs);
  for (const change of changes) {
    if (change.kind === "add") work.add(change);
    else work.retract(change);
  }
  work.build(commit);
  return work.finish(before);
}

class IndexWork {
  readonly #needs: IndexNeeds;
  readonly #pages: PageWork;
  readonly #slots: SlotWork;
  readonly #collections = new Map<string, CollectionWork>();

  constructor(needs: IndexNeeds) {
    this.#needs = needs;
    this.#pages = new PageWork(needs.readPage);
    this.#slots = new SlotWork(this.#pages);
  }

  add(change: IndexAddition): void {
    const { hasher } = this.#needs;
    const key = collectionKey(hasher, change.collection);
    const collection = this.#collection(key, change.embedding.length);
    const list = collection.add(storedEntry(hasher, change));
    this.#slots.set(change.slot, { collection: key, list });
  }

  retract(change: IndexRetraction): void {
    const place = this.#slots.place(change.target);
    if (place === undefined) return;
    const tombstone = storedEntry(this.#needs.hasher, change);
    this.#collection(place.collection, undefined).bury(place.list, tombstone);
    this.#slots.set(change.target, undefined);
  }

  /** Begins builds for what has outgrown its lists; carries out those that are due. */
  build({ epoch, size }: IndexCommit): void {
    const stored = readWaiting(this.#needs.readPage);
    let waiting = stored;
    for (const work of this.#collections.values()) {
      if (!outgrown(work.row) || waiting.length >= BUILDS_WAITING_MAX) continue;
      const due = dueEpoch(work.row, epoch);
      work.begin({ size, live: work.row.live, dueEpoch: due });
      waiting = withBuild(waiting, { dueEpoch: due, collection: work.key });
    }
    let spent = 0;
    while (waiting.length > 0 && waiting[0].dueEpoch <= epoch) {
      const work = this.#collection(waiting[0].collection, undefined);
      const { dimension, building } = work.row;
      const cost = buildWork({ dimension, live: building?.live ?? 0n });
      if (spent > 0 && spent + cost > BUILD_WORK_AT_ONCE_MAX) break;
      carryOutBuild(this.#needs, work, this.#slots);
      spent += cost;
      waiting = waiting.slice(1);
    }
    if (waiting !== stored) this.#pages.write(waitingKey(), encodeWaiting(waiting));
  }

  finish(before: Uint8Array): IndexUpdate {
    const { hasher, hashPairs } = this.#needs;
    if (this.#collections.size === 0) return { root: before, pages: this.#pages.changes() };
    const rows = [...this.#collections.values()].map((work) => {
      work.finish();
      return { key: work.key, value: encode(collectionCodec, work.row) };
    });
    this.#slots.finish();
    const readPage = mapReader(this.#needs.readPage);
    const map = updateStateMap({ hasher, hashPairs, readPage }, rows);
    for (const { key, bytes } of map.pages) this.#pages.write(mapPageKey(key), bytes);
    return { root: map.root, pages: this.#pages.changes() };
  }

  #collection(key: Uint8Array, dimension: number | undefined): CollectionWork {
    const name = bytesToHex(key);
    const held = this.#collections.get(name);
    if (held !== undefined) return held;
    const work = CollectionWork.open(this.#needs.hasher, this.#pages, key, dimension);
    this.#collections.set(name, work);
    return work;
  }
}
