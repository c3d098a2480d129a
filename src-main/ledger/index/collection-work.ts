/** Decides how a collection takes entries in: each goes to the list of its nearest centroid. */

import { invariant } from "../../contract/outcome.ts";
import { encode } from "../../codec/index.ts";
import { emptyRoot } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { listCountOf, METRIC_SQUARED_L2 } from "./collection.ts";
import type { Building, Collection, ListHead } from "./collection.ts";
import {
  centroidPages,
  centroidsRoot,
  listHeadsCodec,
  listsRoot,
  readCentroids,
  readCollection,
  readList,
  readListHeads,
} from "./collection-pages.ts";
import { entriesPerPage, signedOf } from "./entry.ts";
import type { StoredEntry } from "./entry.ts";
import { CENTROIDS_PER_PAGE } from "./limits.ts";
import { ListWork } from "./list-work.ts";
import { nearestCentroid } from "./nearest.ts";
import { centroidsKey, listEdgeKey, listEntriesKey, listHeadsKey } from "./page-keys.ts";
import type { PageWork } from "./page-work.ts";

/** A collection under work; `row` is right again after `finish`. */
export class CollectionWork {
  readonly key: Uint8Array;
  readonly #hasher: Hasher;
  readonly #pages: PageWork;
  #row: Collection;
  #centroids: Int8Array;
  #heads: ListHead[];
  readonly #lists = new Map<number, ListWork>();

  private constructor(
    hasher: Hasher,
    pages: PageWork,
    key: Uint8Array,
    begins: {
      readonly row: Collection;
      readonly centroids: Int8Array;
      readonly heads: readonly ListHead[];
    },
  ) {
    this.key = key;
    this.#hasher = hasher;
    this.#pages = pages;
    this.#row = begins.row;
    this.#centroids = begins.centroids;
    this.#heads = [...begins.heads];
  }

  /** The stored collection, or a new one of that dimension. */
  static open(
    hasher: Hasher,
    pages: PageWork,
    key: Uint8Array,
    dimension: number | undefined,
  ): CollectionWork {
    const read = (page: Uint8Array): Uint8Array | undefined => pages.read(page);
    const row = readCollection(read, key);
    if (row !== undefined) {
      const centroids = readCentroids(read, key, row);
      const heads = readListHeads(read, key, row);
      return new CollectionWork(hasher, pages, key, { row, centroids, heads });
    }
    invariant(dimension !== undefined, "a collection that is not stored begins with an embedding");
    const begins = newCollection(hasher, dimension);
    const heads = [emptyHead(hasher)];
    return new CollectionWork(hasher, pages, key, {
      row: begins,
      centroids: new Int8Array(0),
      heads,
    });
  }

  get row(): Collection {
    return this.#row;
  }

  /** Adds a publication; answers its list. */
  add(stored: StoredEntry): number {
    const { embedding } = stored.entry;
    invariant(embedding.length === this.#row.dimension, "an embedding has its collection's size");
    const list = nearestCentroid(signedOf(embedding), this.#centroids);
    this.append(list, stored);
    this.#row = { ...this.#row, live: this.#row.live + 1n };
    return list;
  }

  /** Adds a tombstone to the list of its target. */
  bury(list: number, tombstone: StoredEntry): void {
    this.append(list, tombstone);
    this.#row = { ...this.#row, live: this.#row.live - 1n };
  }

  /** Appends to a list without counting it as live. */
  append(list: number, stored: StoredEntry): void {
    this.#list(list).append(stored);
    this.#row = { ...this.#row, entries: this.#row.entries + 1n };
  }

  /** Begins a build over what is live now. */
  begin(building: Building): void {
    this.#row = { ...this.#row, building };
  }

  /** The entries' bytes, list after list. */
  readAll(): Uint8Array[][] {
    this.finish();
    const { dimension } = this.#row;
    return this.#heads.map(({ size }, list) =>
      readList((key) => this.#pages.read(key), { ...this.#place(list), dimension }, Number(size)),
    );
  }

  /** Replaces centroids and lists by those of a build; the lists are empty then. */
  restart(centroids: Int8Array, building: Building): void {
    const { dimension } = this.#row;
    this.#drop();
    for (const [page, bytes] of centroidPages(centroids, dimension).entries()) {
      this.#pages.write(centroidsKey(this.key, page), bytes);
    }
    this.#centroids = centroids;
    this.#heads = Array.from({ length: centroids.length / dimension }, () =>
      emptyHead(this.#hasher),
    );
    const root = centroidsRoot(this.#hasher, centroids, dimension);
    const builtAt = building.live;
    this.#row = { ...this.#row, builtAt, centroidsRoot: root, entries: 0n, building: undefined };
  }

  /** Writes lists, heads and roots. */
  finish(): void {
    for (const [list, work] of this.#lists) this.#heads[list] = work.finish();
    this.#lists.clear();
    this.#pages.write(listHeadsKey(this.key), encode(listHeadsCodec, this.#heads));
    this.#row = { ...this.#row, listsRoot: listsRoot(this.#hasher, this.#heads) };
  }

  #drop(): void {
    const perPage = entriesPerPage(this.#row.dimension);
    for (const [list, { size }] of this.#heads.entries()) {
      if (size > 0n) this.#pages.write(listEdgeKey(this.key, list), undefined);
      for (let page = 0; page * perPage < Number(size); page += 1) {
        this.#pages.write(listEntriesKey(this.key, list, page), undefined);
      }
    }
    for (let at = 0; at < listCountOf(this.#row.builtAt); at += CENTROIDS_PER_PAGE) {
      if (this.#centroids.length === 0) break;
      this.#pages.write(centroidsKey(this.key, at / CENTROIDS_PER_PAGE), undefined);
    }
  }

  #list(list: number): ListWork {
    const held = this.#lists.get(list);
    if (held !== undefined) return held;
    const work = ListWork.open(this.#hasher, this.#pages, this.#place(list), this.#heads[list]);
    this.#lists.set(list, work);
    return work;
  }

  #place(list: number) {
    return { collection: this.key, dimension: this.#row.dimension, list };
  }
}

function emptyHead(hasher: Hasher): ListHead {
  return { root: emptyRoot(hasher), size: 0n, tombstones: 0n };
}

function newCollection(hasher: Hasher, dimension: number): Collection {
  return {
    dimension,
    metric: METRIC_SQUARED_L2,
    entries: 0n,
    live: 0n,
    builtAt: 0n,
    centroidsRoot: emptyRoot(hasher),
    listsRoot: emptyRoot(hasher),
    building: undefined,
  };
}
