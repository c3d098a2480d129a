/**
 * Measures partitioning: nodes a query touches, keys that move when one joins or leaves, what is
 * still found when some are dead, and distances over parts of vectors.
 */

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import {
  collectionKey,
  collectionOf,
  rankHits,
  squaredDistance,
} from "../../../src-main/ledger/index.ts";
import type { IndexEntry } from "../../../src-main/ledger/index.ts";
import {
  readCentroids,
  readList,
  readListHeads,
} from "../../../src-main/ledger/index/collection-pages.ts";
import { entryOf } from "../../../src-main/ledger/index/entry.ts";
import { nearestLists } from "../../../src-main/ledger/index/nearest.ts";
import {
  cutVectors,
  partialDistances,
  placeLists,
  reachLists,
  sumPartials,
} from "../../../src-main/node/search/partition.ts";
import { benchLine } from "../bench-line.ts";
import { mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { COLLECTION } from "../ledger/filled-index.ts";
import type { FilledIndex } from "../ledger/filled-index.ts";
import { NEAREST, processorSecondsEach, recallOf } from "../search-kit.ts";
import type { SearchedVectors } from "./searched-vectors.ts";

const SHARDS = 16;
const PROBES = 8;
const PARTS = 4;

interface Lists {
  readonly centroids: Int8Array;
  readonly entries: readonly (readonly IndexEntry[])[];
}

/** Runs them. */
export function benchPartition(kit: BenchKit, searched: SearchedVectors): void {
  const { exact, index, queries, size } = searched;
  const lists = listsOf(index);
  const count = lists.entries.length;
  const shards = Array.from({ length: SHARDS }, (_, at) => `node-${at}`);
  const place = (names: readonly string[], copies = 1) =>
    placeLists(nativeSha256, COLLECTION, count, names, copies);
  const placed = place(shards);
  const probed = queries.map((query) => nearestLists(query, lists.centroids, PROBES));
  const nobody = new Set<string>();
  const touched = probed.map((some) => reachLists(some, placed, nobody).touched.size);
  const mean = touched.reduce((sum, one) => sum + one, 0) / touched.length;
  const among = `lists=${count} shards=${SHARDS}`;
  kit.print(
    benchLine(`search.shards/op=touched-per-query ${among} probes=${PROBES}`, mean, "shards"),
  );
  benchMoves(kit, shards, among);
  const dead = [0, 1, 2, 4];
  for (const copies of [1, 2]) {
    const kept = place(shards, copies);
    for (const gone of dead) {
      const lost = new Set(shards.slice(0, gone));
      const recall = recallOf(exact, (at) => {
        const reached = new Set(reachLists(probed[at], kept, lost).lost);
        const held = probed[at].filter((list) => !reached.has(list));
        return found(lists, held, queries[at]);
      });
      const name = `search.shards/op=recall@10 dead=${gone} copies=${copies} ${among}`;
      kit.print(benchLine(`${name} ${size}`, Math.max(recall, 1e-9), "of exact"));
    }
  }
  benchParts(kit, searched);
}

function listsOf({ view }: FilledIndex): Lists {
  const row = collectionOf(view, COLLECTION);
  if (row === undefined) throw new Error("the index was filled");
  const { dimension } = row;
  const key = collectionKey(view.hasher, COLLECTION);
  const entries = readListHeads(view.readPage, key, row).map(({ size }, list) =>
    readList(view.readPage, { collection: key, dimension, list }, Number(size)).map(entryOf),
  );
  return { centroids: readCentroids(view.readPage, key, row), entries };
}

function found(lists: Lists, held: readonly number[], query: Int8Array): readonly number[] {
  const request = { collection: COLLECTION, query, k: NEAREST, probes: PROBES };
  const some = held.map((list) => lists.entries[list]);
  return rankHits(nativeSha256, request, some).map(({ slot }) => Number(slot));
}

/** Keys that change their node, beside the 1 in n that a perfect share would move. */
function benchMoves(kit: BenchKit, shards: readonly string[], among: string): void {
  const keys = 10_000;
  const place = (names: readonly string[]) =>
    placeLists(nativeSha256, "keys", keys, names).map(([shard]) => shard);
  const before = place(shards);
  const moved = (after: readonly string[]) =>
    after.filter((shard, at) => shard !== before[at]).length / keys;
  const line = (op: string, part: number, ideal: number) => {
    const against = { peer: "one-in-n", peerValue: ideal };
    kit.print(benchLine(`search.shards/op=${op} ${among} keys=${keys}`, part, "of keys", against));
  };
  line("moved-by-joining", moved(place([...shards, "node-new"])), 1 / (SHARDS + 1));
  line("moved-by-leaving", moved(place(shards.slice(1))), 1 / SHARDS);
}

/** Every vector cut into parts: each node answers for its part, the sums are the distances. */
function benchParts(kit: BenchKit, { index: { vectors }, queries, size }: SearchedVectors): void {
  const dimension = vectors[0].length;
  const numbers = new Int8Array(vectors.length * dimension);
  for (const [at, vector] of vectors.entries()) numbers.set(vector, at * dimension);
  const parts = cutVectors(numbers, dimension, PARTS);
  const distances = (query: Int8Array) =>
    sumPartials(parts.map((part) => partialDistances(query, part)));
  const whole = distances(queries[0]);
  mustHold(
    whole.every((sum, at) => sum === squaredDistance(queries[0], vectors[at], 0, Infinity)),
    "distances over parts add up to the whole",
  );
  const seconds = processorSecondsEach(3, (at) => distances(queries[at % queries.length]));
  const rate = vectors.length / Math.max(seconds, 1e-6);
  const name = `search.parts/op=distances parts=${PARTS} ${size} per=processor`;
  kit.print(benchLine(name, rate, "vectors/s"));
}
