/**
 * Decides how a collection is read back from its pages: row, centroids, list heads, entries. What
 * does not read back is damage of the disk, since only what encodes is stored.
 */

import { decode, encode, list } from "../../codec/index.ts";
import { concatBytes } from "../../contract/bytes.ts";
import { merkleRoot } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { valueKey } from "../state/map-page.ts";
import type { ReadPage } from "../state/state-view.ts";
import { collectionCodec, listCountOf, listHeadCodec } from "./collection.ts";
import type { Collection, ListHead } from "./collection.ts";
import { damagedIndex, decodeEntryPage, entriesPerPage, signedOf } from "./entry.ts";
import { CENTROIDS_PER_PAGE, LISTS_MAX } from "./limits.ts";
import { centroidsKey, listEntriesKey, listHeadsKey, mapPageKey } from "./page-keys.ts";

/** The heads of all lists, in the order of their ids. */
export const listHeadsCodec = list(listHeadCodec, LISTS_MAX);

/** The map of collections over the pages of a store. */
export function mapReader(readPage: ReadPage): ReadPage {
  return (key) => readPage(mapPageKey(key));
}

/** A collection's row; undefined when there is none. */
export function readCollection(readPage: ReadPage, key: Uint8Array): Collection | undefined {
  const bytes = mapReader(readPage)(valueKey(key));
  if (bytes === undefined) return undefined;
  const row = decode(collectionCodec, bytes);
  if (!row.ok) throw damagedIndex("a collection");
  return row.value;
}

/** Centroids in a collection: none while it has one list. */
export function centroidCount({ builtAt }: Pick<Collection, "builtAt">): number {
  const lists = listCountOf(builtAt);
  return lists === 1 ? 0 : lists;
}

/** The centroids of a collection, one after another. */
export function readCentroids(
  readPage: ReadPage,
  key: Uint8Array,
  collection: Pick<Collection, "builtAt" | "dimension">,
): Int8Array {
  const count = centroidCount(collection);
  const pages: Uint8Array[] = [];
  for (let page = 0; page * CENTROIDS_PER_PAGE < count; page += 1) {
    pages.push(readPage(centroidsKey(key, page)) ?? new Uint8Array(0));
  }
  const bytes = concatBytes(...pages);
  if (bytes.length !== count * collection.dimension) throw damagedIndex("a table of centroids");
  return signedOf(bytes);
}

/** The pages of a table of centroids. */
export function centroidPages(centroids: Int8Array, dimension: number): readonly Uint8Array[] {
  const bytes = new Uint8Array(centroids.buffer, centroids.byteOffset, centroids.length);
  const pages: Uint8Array[] = [];
  const width = CENTROIDS_PER_PAGE * dimension;
  for (let at = 0; at < bytes.length; at += width) pages.push(bytes.slice(at, at + width));
  return pages;
}

/** RFC 9162 root over the centroids. */
export function centroidsRoot(hasher: Hasher, centroids: Int8Array, dimension: number): Uint8Array {
  const bytes = new Uint8Array(centroids.buffer, centroids.byteOffset, centroids.length);
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += dimension) {
    leaves.push(bytes.subarray(at, at + dimension));
  }
  return merkleRoot(hasher, leaves);
}

/** The heads of a collection's lists. */
export function readListHeads(
  readPage: ReadPage,
  key: Uint8Array,
  collection: Pick<Collection, "builtAt">,
): readonly ListHead[] {
  const heads = decode(listHeadsCodec, readPage(listHeadsKey(key)) ?? new Uint8Array(0));
  if (!heads.ok || heads.value.length !== listCountOf(collection.builtAt)) {
    throw damagedIndex("a table of lists");
  }
  return heads.value;
}

/** RFC 9162 root over the list heads. */
export function listsRoot(hasher: Hasher, heads: readonly ListHead[]): Uint8Array {
  return merkleRoot(
    hasher,
    heads.map((head) => encode(listHeadCodec, head)),
  );
}

/** Which list of which collection. */
export interface ListPlace {
  readonly collection: Uint8Array;
  readonly dimension: number;
  readonly list: number;
}

/** The bytes of a list's entries, in their order. */
export function readList(readPage: ReadPage, place: ListPlace, size: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  const pages = Math.floor(
    (size + entriesPerPage(place.dimension) - 1) / entriesPerPage(place.dimension),
  );
  for (let page = 0; page < pages; page += 1) {
    const bytes = readPage(listEntriesKey(place.collection, place.list, page));
    if (bytes === undefined) throw damagedIndex("a list");
    for (const entry of decodeEntryPage(bytes)) entries.push(entry);
  }
  if (entries.length !== size) throw damagedIndex("a list");
  return entries;
}
