/**
 * Decides the answer of a search over the entries of the probed lists: the k nearest that fit,
 * ordered by (distance, slot). A tombstone stands in the list of what it buries, so no other list
 * is needed to know what is gone.
 */

import type { Hasher } from "../../crypto/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { EMBEDDING_BYTES_MAX, TAGS_MAX } from "../limits.ts";
import { signedOf, tagNumber } from "./entry.ts";
import type { IndexEntry } from "./entry.ts";
import { SEARCH_HITS_MAX, SEARCH_PROBES_MAX } from "./limits.ts";
import { BEYOND_ALL_DISTANCES, squaredDistance } from "./nearest.ts";
import type { SearchHit, SearchRequest } from "./types.ts";

/** Whether a search asks within the limits. @rejects LEDGER_SEARCH_REQUEST with what is wrong */
export function checkRequest({ query, k, probes, tags }: SearchRequest): Outcome<undefined> {
  const wrong = (what: string): Outcome<never> => reject("LEDGER_SEARCH_REQUEST", { what });
  if (query.length < 1 || query.length > EMBEDDING_BYTES_MAX) return wrong("query");
  if (!Number.isInteger(k) || k < 1 || k > SEARCH_HITS_MAX) return wrong("k");
  if (!Number.isInteger(probes) || probes < 1 || probes > SEARCH_PROBES_MAX) return wrong("probes");
  if ((tags ?? []).length > TAGS_MAX) return wrong("tags");
  return accept(undefined);
}

/** The nearest `k` of the entries that are live and fit the request. */
export function rankHits(
  hasher: Hasher,
  request: SearchRequest,
  lists: readonly (readonly IndexEntry[])[],
): readonly SearchHit[] {
  const tags = (request.tags ?? []).map((tag) => tagNumber(hasher, tag));
  const best: SearchHit[] = [];
  for (const entries of lists) {
    const buried = new Set<bigint>();
    for (const { retracts } of entries) if (retracts !== undefined) buried.add(retracts);
    for (const entry of entries) {
      if (entry.retracts !== undefined || buried.has(entry.slot)) continue;
      if (request.what !== undefined && entry.what !== request.what) continue;
      if (!tags.every((tag) => entry.tags.includes(tag))) continue;
      place(best, request, entry);
    }
  }
  return best;
}

/** Puts an entry where it belongs among the best so far, if it does. */
function place(best: SearchHit[], { query, k }: SearchRequest, entry: IndexEntry): void {
  // An equal distance may still win by its slot, so only what is beyond the last one is cut short.
  const bound = best.length < k ? BEYOND_ALL_DISTANCES : best[k - 1].distance + 1;
  const distance = squaredDistance(query, signedOf(entry.embedding), 0, bound);
  if (distance >= bound) return;
  const hit = { slot: entry.slot, distance };
  let at = best.length;
  while (at > 0 && before(hit, best[at - 1])) at -= 1;
  best.splice(at, 0, hit);
  if (best.length > k) best.pop();
}

function before(left: SearchHit, right: SearchHit): boolean {
  if (left.distance !== right.distance) return left.distance < right.distance;
  return left.slot < right.slot;
}
