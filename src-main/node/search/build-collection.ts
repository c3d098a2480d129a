/**
 * Decides how an accelerated collection is made from the index pages of one commit, in steps small
 * enough that sealing goes on between them: list after list, so that no more than one list of
 * entries is in memory beside what is built.
 */

import { collectionKey } from "../../ledger/index/index.ts";
import type { Collection, IndexEntry, IndexView } from "../../ledger/index/index.ts";
import { readList, readListHeads } from "../../ledger/index/collection-pages.ts";
import { entryOf } from "../../ledger/index/entry.ts";
import type { NearestIndexMaker } from "../../ports/nearest-index.ts";
import { AcceleratedCollection } from "./accelerated-collection.ts";
import type { ReadEmbedding } from "./accelerated-collection.ts";
import { BUILD_STEP_ENTRIES } from "./limits.ts";

/** What is built, and how it is held. */
export interface CollectionPlan {
  readonly name: string;
  readonly row: Collection;
  readonly maker: NearestIndexMaker;
  /** Given where embeddings stay in the log. */
  readonly readEmbedding: ReadEmbedding | undefined;
}

/** The collection; each `yield` lets other work go on. Throws Fault STORE_*. */
export function* buildCollection(
  view: IndexView,
  { name, row, maker, readEmbedding }: CollectionPlan,
): Generator<undefined, AcceleratedCollection> {
  const { dimension } = row;
  const lists = listReader(view, name, row);
  const sample = yield* sampleOf(lists, row, maker.sampleWanted);
  const index = maker.make(dimension, sample);
  for (const step of index.prepare?.() ?? []) yield step;
  const built = new AcceleratedCollection({ dimension, index, readEmbedding });
  for (let list = 0; list < lists.count; list += 1) {
    const entries = lists.live(list);
    yield;
    for (let at = 0; at < entries.length; at += BUILD_STEP_ENTRIES) {
      built.add(entries.slice(at, at + BUILD_STEP_ENTRIES));
      yield;
    }
  }
  return built;
}

interface Lists {
  readonly count: number;
  live(list: number): readonly IndexEntry[];
}

function listReader({ hasher, readPage }: IndexView, name: string, row: Collection): Lists {
  const key = collectionKey(hasher, name);
  const heads = readListHeads(readPage, key, row);
  return {
    count: heads.length,
    live(list) {
      const place = { collection: key, dimension: row.dimension, list };
      return liveOf(readList(readPage, place, Number(heads[list].size)).map(entryOf));
    },
  };
}

/** A tombstone stands in the list of what it retracts. */
function liveOf(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  const buried = new Set(entries.map(({ retracts }) => retracts));
  return entries.filter(({ slot, retracts }) => retracts === undefined && !buried.has(slot));
}

/** Some embeddings of every list, so that none of its regions is left out. */
function* sampleOf(
  lists: Lists,
  { dimension }: Collection,
  wanted: number,
): Generator<undefined, Int8Array> {
  if (wanted === 0) return new Int8Array(0);
  const perList = Math.max(1, Math.floor(wanted / lists.count));
  const sample: Uint8Array[] = [];
  for (let list = 0; list < lists.count; list += 1) {
    const entries = lists.live(list);
    const stride = Math.max(1, Math.floor(entries.length / perList));
    for (let taken = 0; taken < perList && taken * stride < entries.length; taken += 1) {
      sample.push(entries[taken * stride].embedding);
    }
    yield;
  }
  const numbers = new Int8Array(sample.length * dimension);
  for (const [at, embedding] of sample.entries()) numbers.set(embedding, at * dimension);
  return numbers;
}
