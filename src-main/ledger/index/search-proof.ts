/**
 * Decides what proves that an answer is whole: the collection's row under the index root, all its
 * centroids, all its list heads, and every entry of the probed lists. The hits are not in it: who
 * checks it ranks the entries again.
 */

import { constrained, decode, list, optional, struct, u32, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { EMBEDDING_BYTES_MAX } from "../limits.ts";
import { stateProof, stateProofCodec } from "../state/map-proof.ts";
import { collectionCodec, collectionKey, LIST_HEAD_BYTES } from "./collection.ts";
import {
  listHeadsCodec,
  mapReader,
  readCentroids,
  readCollection,
  readList,
  readListHeads,
} from "./collection-pages.ts";
import { wrongDimension } from "./committed-search.ts";
import {
  ENTRY_BYTES_MAX,
  LISTS_MAX,
  SEARCH_ENTRIES_MAX,
  SEARCH_PROBES_MAX,
  SEARCH_PROOF_BYTES_MAX,
} from "./limits.ts";
import { nearestLists } from "./nearest.ts";
import { checkRequest } from "./rank-hits.ts";
import type { IndexView, SearchRequest } from "./types.ts";

/** Room for row, map proof and lengths beside tables and entries. */
const FIXED_BYTES = 65_536;

const probedList = struct({
  list: u32,
  /** Bytes of all its entries, in their order. */
  entries: list(varBytes(ENTRY_BYTES_MAX), SEARCH_ENTRIES_MAX),
});

/** Bytes of a search proof. */
export const searchProofCodec = struct({
  /** Of the collection's row, or that there is none, in the map of collections. */
  mapProof: stateProofCodec,
  /** Absent when there is no such collection. */
  found: optional(
    struct({
      row: collectionCodec,
      /** All centroids, one after another. */
      centroids: varBytes(LISTS_MAX * EMBEDDING_BYTES_MAX),
      heads: listHeadsCodec,
      /** Nearest first. */
      lists: constrained(
        list(probedList, SEARCH_PROBES_MAX),
        (lists) =>
          lists.reduce((sum, { entries }) => sum + entries.length, 0) <= SEARCH_ENTRIES_MAX,
        "the probed lists have at most 65,536 entries",
      ),
    }),
  ),
});

/** What proves an answer. */
export type SearchProof = ValueOf<typeof searchProofCodec>;

/**
 * The proof for a search, whatever its k and filters: those are for who checks it.
 * @rejects LEDGER_SEARCH_REQUEST, LEDGER_SEARCH_DIMENSION; LEDGER_SEARCH_LARGE with the entries
 *          when the probed lists do not fit into a proof
 */
export function searchProof(view: IndexView, request: SearchRequest): Outcome<SearchProof> {
  const checked = checkRequest(request);
  if (!checked.ok) return checked;
  const { hasher, readPage } = view;
  const key = collectionKey(hasher, request.collection);
  const mapProof = stateProof({ hasher, readPage: mapReader(readPage) }, key);
  const row = readCollection(readPage, key);
  if (row === undefined) return accept({ mapProof, found: undefined });
  const { dimension } = row;
  if (dimension !== request.query.length) return wrongDimension(row, request);
  const centroids = readCentroids(readPage, key, row);
  const heads = readListHeads(readPage, key, row);
  const probed = nearestLists(request.query, centroids, request.probes);
  const entries = probed.reduce((sum, id) => sum + Number(heads[id].size), 0);
  const entryBytes = entries * (dimension + ENTRY_BYTES_MAX - EMBEDDING_BYTES_MAX);
  const tables = centroids.length + heads.length * LIST_HEAD_BYTES + FIXED_BYTES;
  if (entries > SEARCH_ENTRIES_MAX || entryBytes + tables > SEARCH_PROOF_BYTES_MAX) {
    return reject("LEDGER_SEARCH_LARGE", { entries, probes: probed.length });
  }
  const lists = probed.map((id) => {
    const place = { collection: key, dimension, list: id };
    return { list: id, entries: readList(readPage, place, Number(heads[id].size)) };
  });
  const table = new Uint8Array(centroids.buffer, centroids.byteOffset, centroids.length);
  return accept({ mapProof, found: { row, centroids: table, heads, lists } });
}

/**
 * Reads a proof that somebody sent.
 * @rejects LEDGER_SEARCH_PROOF_SIZE above 32 MiB; CODEC_*
 */
export function readSearchProof(bytes: Uint8Array): Outcome<SearchProof> {
  if (bytes.length > SEARCH_PROOF_BYTES_MAX) {
    return reject("LEDGER_SEARCH_PROOF_SIZE", { bytes: bytes.length });
  }
  return decode(searchProofCodec, bytes);
}
