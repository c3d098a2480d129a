/** Decides what a search for publications answers, and what shows that its answer is whole. */

import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type {
  FoundPublication,
  SearchAnswered,
  SearchParams,
  SearchProofParams,
  SearchProved,
} from "../../contract/control-api/index.ts";
import { SEARCH_RECEIPT_BYTES_MAX } from "../../contract/control-api/index.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { PUBLICATION_KINDS, wordCollection } from "../../contract/word-collections.ts";
import { textEmbedding } from "../../ledger/index.ts";
import type { SearchHit, SearchRequest } from "../../ledger/index.ts";
import type { LedgerSearch, Node } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";
import { publicationIn } from "./account-handlers.ts";

/** What searches are answered from. */
export interface SearchNeeds {
  readonly node: Node;
  readonly search: Pick<LedgerSearch, "search" | "prove">;
}

type SearchMethods = "ledger.search" | "ledger.search-proof";

/** Handlers of searches. */
export function searchHandlers(needs: SearchNeeds): Pick<Handlers, SearchMethods> {
  return {
    "ledger.search": (asked) => Promise.resolve(searchAll(needs, asked)),
    "ledger.search-proof": (asked) => Promise.resolve(proveOne(needs, asked)),
  };
}

/**
 * Searches every collection that is meant and puts the answers in one order.
 * @rejects API_SEARCH, LEDGER_SEARCH_DIMENSION, LEDGER_SEARCH_REQUEST
 */
function searchAll({ node, search }: SearchNeeds, asked: SearchParams): Outcome<SearchAnswered> {
  const query = queryOf(asked);
  if (!query.ok) return query;
  const names = collectionsOf(asked);
  if (names.length === 0) return reject("API_SEARCH", { missing: "collection" });
  const collections: SearchAnswered["collections"] = [];
  const hits: SearchHit[] = [];
  for (const collection of names) {
    const request = requestOf(asked, collection, query.value);
    const found = search.search(request, { exact: asked.exact });
    if (!found.ok) {
      // Of several, one that others filled with another kind of vector hides nothing else.
      if (names.length > 1 && found.rejection.code === "LEDGER_SEARCH_DIMENSION") continue;
      return found;
    }
    collections.push({ collection, from: found.value.from });
    hits.push(...found.value.hits);
  }
  hits.sort((left, right) => {
    if (left.distance !== right.distance) return left.distance - right.distance;
    return left.slot < right.slot ? -1 : 1;
  });
  return accept({
    commit: Number(node.head().number),
    collections,
    hits: shown(node, hits.slice(0, asked.limit)),
  });
}

function proveOne({ search }: SearchNeeds, asked: SearchProofParams): Outcome<SearchProved> {
  const query = queryOf(asked);
  if (!query.ok) return query;
  const request = requestOf(asked, asked.collection, query.value);
  const proved = search.prove(request, SEARCH_RECEIPT_BYTES_MAX);
  if (!proved.ok) return proved;
  const { commit, indexRoot, probes, receipt } = proved.value;
  return accept({
    collection: asked.collection,
    commit: Number(commit),
    indexRoot: bytesToHex(indexRoot),
    probes,
    receipt: bytesToHex(receipt),
  });
}

/** The vector that is searched for. @rejects API_SEARCH unless exactly one is given */
function queryOf({ text, vector }: Pick<SearchParams, "text" | "vector">): Outcome<Int8Array> {
  if (text !== undefined && vector !== undefined) return reject("API_SEARCH", { given: "both" });
  if (text !== undefined) return textEmbedding(text);
  if (vector === undefined) return reject("API_SEARCH", { missing: "text" });
  return accept(Int8Array.from(hexToBytes(vector)));
}

/** The collection that is named, else those of words; none for a vector without one. */
function collectionsOf({ collection, text, what }: SearchParams): readonly string[] {
  if (collection !== undefined) return [collection];
  if (text === undefined) return [];
  return what === undefined ? PUBLICATION_KINDS.map(wordCollection) : [wordCollection(what)];
}

function requestOf(
  { limit, probes, tags, what }: SearchProofParams | SearchParams,
  collection: string,
  query: Int8Array,
): SearchRequest {
  const plain = { collection, query, k: limit, probes, tags };
  return what === undefined ? plain : { ...plain, what };
}

function shown(node: Node, hits: readonly SearchHit[]): FoundPublication[] {
  const state = node.stateAt(node.head().number);
  invariant(state.ok, "the newest state is held");
  return hits.map(({ slot, distance }) => ({
    slot: Number(slot),
    distance,
    publication: publicationIn(node, state.value, slot) ?? null,
  }));
}
