/**
 * Decides what an accelerated collection answers: candidates of a fast structure, measured again by
 * exact integers, filtered and ordered as the committed search does. A candidate that is not a live
 * entry is passed over, so nothing retracted or made up is ever answered.
 */

import type { Hasher } from "../../crypto/index.ts";
import { squaredDistance, tagNumber } from "../../ledger/index/index.ts";
import type {
  IndexEntry,
  PublicationKind,
  SearchHit,
  SearchRequest,
} from "../../ledger/index/index.ts";
import { CANDIDATES_MAX } from "../../ports/nearest-index.ts";
import type { NearestIndex } from "../../ports/nearest-index.ts";
import {
  CANDIDATES_MIN,
  CANDIDATES_PER_HIT,
  CODED_CANDIDATES_PER_HIT,
  FILTERED_CANDIDATES_PER_HIT,
} from "./limits.ts";

/** Where the embedding of a live entry is read; undefined where it is held no more. */
export type ReadEmbedding = (slot: number) => Int8Array | undefined;

/** How a collection is held. */
export interface CollectionForm {
  readonly dimension: number;
  readonly index: NearestIndex;
  /** Given where embeddings are not kept in memory. */
  readonly readEmbedding: ReadEmbedding | undefined;
}

interface Row {
  readonly what: PublicationKind;
  readonly tags: readonly number[];
  /** Row of the table of embeddings; −1 where there is none. */
  readonly at: number;
}

/** Rows the table begins with. */
const ROWS_FIRST = 1_024;

/** The live entries of a collection. */
export class AcceleratedCollection {
  readonly dimension: number;
  readonly #index: NearestIndex;
  readonly #readEmbedding: ReadEmbedding | undefined;
  readonly #rows = new Map<number, Row>();
  readonly #free: number[] = [];
  #table: Int8Array;

  constructor({ dimension, index, readEmbedding }: CollectionForm) {
    this.dimension = dimension;
    this.#index = index;
    this.#readEmbedding = readEmbedding;
    this.#table = new Int8Array(readEmbedding === undefined ? ROWS_FIRST * dimension : 0);
  }

  get entries(): number {
    return this.#rows.size;
  }

  has(slot: bigint): boolean {
    return this.#rows.has(Number(slot));
  }

  /** Takes publications in; a slot that is held already changes nothing. */
  add(entries: readonly Pick<IndexEntry, "slot" | "what" | "tags" | "embedding">[]): void {
    const fresh = entries.filter(({ slot }) => !this.#rows.has(Number(slot)));
    const embeddings = new Int8Array(fresh.length * this.dimension);
    for (const [at, { slot, what, tags, embedding }] of fresh.entries()) {
      embeddings.set(embedding, at * this.dimension);
      const row = this.#keep(embeddings.subarray(at * this.dimension, (at + 1) * this.dimension));
      this.#rows.set(Number(slot), { what, tags, at: row });
    }
    this.#index.add(
      fresh.map(({ slot }) => Number(slot)),
      embeddings,
    );
  }

  /** Forgets a publication; one that is not held changes nothing. */
  remove(slot: bigint): void {
    const row = this.#rows.get(Number(slot));
    if (row === undefined) return;
    this.#rows.delete(Number(slot));
    if (row.at >= 0) this.#free.push(row.at);
    this.#index.remove(Number(slot));
  }

  /**
   * At most k hits by (distance, slot). Undefined where too few of the candidates fit the filters:
   * the committed search answers then.
   */
  search(hasher: Hasher, request: SearchRequest): readonly SearchHit[] | undefined {
    const { query, k, what, tags = [] } = request;
    const isFiltered = what !== undefined || tags.length > 0;
    const candidates = this.#index.nearest(query, this.#candidateCount(k, isFiltered));
    const wanted = tags.map((tag) => tagNumber(hasher, tag));
    const hits: { readonly slot: number; readonly distance: number }[] = [];
    const seen = new Set<number>();
    for (const slot of candidates) {
      const row = this.#rows.get(slot);
      if (row === undefined || seen.has(slot)) continue;
      seen.add(slot);
      if (what !== undefined && row.what !== what) continue;
      if (!wanted.every((tag) => row.tags.includes(tag))) continue;
      const distance = this.#distance(query, slot, row);
      if (distance !== undefined) hits.push({ slot, distance });
    }
    if (hits.length < Math.min(k, this.entries)) return undefined;
    hits.sort((left, right) => left.distance - right.distance || left.slot - right.slot);
    return hits.slice(0, k).map(({ slot, distance }) => ({ slot: BigInt(slot), distance }));
  }

  #candidateCount(k: number, isFiltered: boolean): number {
    const coded = this.#readEmbedding !== undefined;
    const plain = coded ? CODED_CANDIDATES_PER_HIT : CANDIDATES_PER_HIT;
    const perHit = isFiltered ? FILTERED_CANDIDATES_PER_HIT : plain;
    return Math.min(CANDIDATES_MAX, Math.max(CANDIDATES_MIN, perHit * k));
  }

  #distance(query: Int8Array, slot: number, { at }: Row): number | undefined {
    if (at >= 0) return squaredDistance(query, this.#table, at * this.dimension, Infinity);
    const embedding = this.#readEmbedding?.(slot);
    if (embedding?.length !== query.length) return undefined;
    return squaredDistance(query, embedding, 0, Infinity);
  }

  #keep(embedding: Int8Array): number {
    if (this.#readEmbedding !== undefined) return -1;
    const row = this.#free.pop() ?? this.#rows.size;
    if ((row + 1) * this.dimension > this.#table.length) {
      const table = new Int8Array(2 * (row + 1) * this.dimension);
      table.set(this.#table);
      this.#table = table;
    }
    this.#table.set(embedding, row * this.dimension);
    return row;
  }
}
