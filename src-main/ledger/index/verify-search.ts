/**
 * Decides whether a search proof shows a whole answer, from the index root alone. The root binds
 * the row, the row binds centroids and list heads, each head binds its entries, their number and
 * how many of them are tombstones: nothing can be left out, added, altered or moved.
 */

import { encode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { merkleRoot } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { verifyStateProof } from "../state/map-proof.ts";
import { collectionCodec, collectionKey, listCountOf } from "./collection.ts";
import type { ListHead } from "./collection.ts";
import { centroidCount, centroidsRoot, listsRoot } from "./collection-pages.ts";
import { wrongDimension } from "./committed-search.ts";
import { readEntry, signedOf } from "./entry.ts";
import type { IndexEntry } from "./entry.ts";
import { nearestLists } from "./nearest.ts";
import { checkRequest, rankHits } from "./rank-hits.ts";
import type { SearchProof } from "./search-proof.ts";
import type { SearchHit, SearchRequest } from "./types.ts";

type Found = NonNullable<SearchProof["found"]>;

/**
 * Checks a decoded proof and answers the search. Never throws on one.
 * @param indexRoot  as a commit record names it, under a certificate
 * @returns          what `committedSearch` answers over the index with that root
 * @rejects          LEDGER_SEARCH_REQUEST, LEDGER_SEARCH_ROW, LEDGER_SEARCH_DIMENSION,
 *                   LEDGER_SEARCH_CENTROIDS, LEDGER_SEARCH_LISTS, LEDGER_SEARCH_PROBES; of a list,
 *                   with its id: LEDGER_SEARCH_ENTRY_FORM, LEDGER_SEARCH_ENTRY_ORDER,
 *                   LEDGER_SEARCH_ENTRY_MISSING, LEDGER_SEARCH_ENTRY_ADDED,
 *                   LEDGER_SEARCH_TOMBSTONE, LEDGER_SEARCH_ENTRY_ALTERED
 */
export function verifySearch(
  hasher: Hasher,
  indexRoot: Uint8Array,
  request: SearchRequest,
  proof: SearchProof,
): Outcome<readonly SearchHit[]> {
  const checked = checkRequest(request);
  if (!checked.ok) return checked;
  const { found, mapProof } = proof;
  const key = collectionKey(hasher, request.collection);
  const row = found === undefined ? undefined : encode(collectionCodec, found.row);
  if (!verifyStateProof(hasher, indexRoot, key, row, mapProof)) return reject("LEDGER_SEARCH_ROW");
  if (found === undefined) return accept([]);
  const refused = refusedTables(hasher, request, found);
  if (refused !== undefined) return refused;
  const lists: (readonly IndexEntry[])[] = [];
  for (const { list, entries } of found.lists) {
    const read = verifiedEntries(hasher, found.heads[list], list, entries);
    if (!read.ok) return read;
    lists.push(read.value);
  }
  return accept(rankHits(hasher, request, lists));
}

/** Centroids, list heads and the choice of lists against the row. */
function refusedTables(
  hasher: Hasher,
  request: SearchRequest,
  { row, centroids, heads, lists }: Found,
): Outcome<never> | undefined {
  const { dimension } = row;
  if (dimension !== request.query.length) return wrongDimension(row, request);
  const table = signedOf(centroids);
  const counted = table.length === centroidCount(row) * dimension;
  if (!counted || !bytesEqual(centroidsRoot(hasher, table, dimension), row.centroidsRoot)) {
    return reject("LEDGER_SEARCH_CENTROIDS");
  }
  const whole = heads.length === listCountOf(row.builtAt);
  if (!whole || !bytesEqual(listsRoot(hasher, heads), row.listsRoot)) {
    return reject("LEDGER_SEARCH_LISTS");
  }
  const probed = nearestLists(request.query, table, request.probes);
  const right = probed.length === lists.length && probed.every((id, at) => id === lists[at].list);
  return right ? undefined : reject("LEDGER_SEARCH_PROBES");
}

/** The entries of a list if they are exactly those its head binds. */
function verifiedEntries(
  hasher: Hasher,
  head: ListHead,
  list: number,
  stored: readonly Uint8Array[],
): Outcome<readonly IndexEntry[]> {
  const entries: IndexEntry[] = [];
  for (const bytes of stored) {
    const entry = readEntry(bytes);
    if (entry === undefined) return reject("LEDGER_SEARCH_ENTRY_FORM", { list });
    entries.push(entry);
  }
  for (let at = 1; at < entries.length; at += 1) {
    if (entries[at].slot <= entries[at - 1].slot)
      return reject("LEDGER_SEARCH_ENTRY_ORDER", { list });
  }
  const tombstones = entries.filter(({ retracts }) => retracts !== undefined).length;
  if (BigInt(tombstones) !== head.tombstones) return reject("LEDGER_SEARCH_TOMBSTONE", { list });
  const size = BigInt(entries.length);
  if (size < head.size) return reject("LEDGER_SEARCH_ENTRY_MISSING", { list });
  if (size > head.size) return reject("LEDGER_SEARCH_ENTRY_ADDED", { list });
  if (bytesEqual(merkleRoot(hasher, stored), head.root)) return accept(entries);
  return reject("LEDGER_SEARCH_ENTRY_ALTERED", { list });
}
