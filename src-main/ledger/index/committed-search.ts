/** Decides what a search answers from the committed index itself: the lists named, exactly. */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { collectionKey } from "./collection.ts";
import type { Collection } from "./collection.ts";
import { readCentroids, readCollection, readList, readListHeads } from "./collection-pages.ts";
import { entryOf } from "./entry.ts";
import type { IndexEntry } from "./entry.ts";
import { nearestLists } from "./nearest.ts";
import { checkRequest, rankHits } from "./rank-hits.ts";
import type { IndexView, SearchHit, SearchRequest } from "./types.ts";

/** The row of a collection; undefined when nobody published into it. */
export function collectionOf(view: IndexView, name: string): Collection | undefined {
  return readCollection(view.readPage, collectionKey(view.hasher, name));
}

/**
 * Every live entry of a collection, list after list: what a local accelerator is made of.
 * @cost  reads the whole collection
 */
export function liveEntries(view: IndexView, name: string): readonly IndexEntry[] {
  const { hasher, readPage } = view;
  const key = collectionKey(hasher, name);
  const row = readCollection(readPage, key);
  if (row === undefined) return [];
  return readListHeads(readPage, key, row).flatMap(({ size }, list) => {
    const place = { collection: key, dimension: row.dimension, list };
    const entries = readList(readPage, place, Number(size)).map(entryOf);
    const buried = new Set(entries.map(({ retracts }) => retracts));
    return entries.filter(({ slot, retracts }) => retracts === undefined && !buried.has(slot));
  });
}

/**
 * Answers a search by the committed semantics.
 * @returns  at most k hits by (distance, slot); none where there is no such collection
 * @rejects  LEDGER_SEARCH_REQUEST, LEDGER_SEARCH_DIMENSION
 * @cost     one distance to each centroid and to each entry of the probed lists
 */
export function committedSearch(
  view: IndexView,
  request: SearchRequest,
): Outcome<readonly SearchHit[]> {
  const checked = checkRequest(request);
  if (!checked.ok) return checked;
  const { hasher, readPage } = view;
  const key = collectionKey(hasher, request.collection);
  const row = readCollection(readPage, key);
  if (row === undefined) return accept([]);
  if (row.dimension !== request.query.length) return wrongDimension(row, request);
  const centroids = readCentroids(readPage, key, row);
  const heads = readListHeads(readPage, key, row);
  const lists = nearestLists(request.query, centroids, request.probes).map((list) => {
    const place = { collection: key, dimension: row.dimension, list };
    return readList(readPage, place, Number(heads[list].size)).map(entryOf);
  });
  return accept(rankHits(hasher, request, lists));
}

/** The query has another size than what it is compared with. */
export function wrongDimension(
  { dimension }: Pick<Collection, "dimension">,
  { query }: SearchRequest,
): Outcome<never> {
  return reject("LEDGER_SEARCH_DIMENSION", { dimension, given: query.length });
}
