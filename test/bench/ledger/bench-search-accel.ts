/**
 * Measures reading the similarity index with the accelerator: recall and rate of answers that were
 * measured again by exact integers, beside `usearch` alone in the same run and beside the committed
 * answer with its proof. Rates are told by clock and by processor: the machine may be shared.
 */

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { searchAccelerator } from "../../../src-main/adapters/search-accelerator/index.ts";
import { encode } from "../../../src-main/codec/index.ts";
import {
  collectionOf,
  committedSearch,
  searchProof,
  searchProofCodec,
} from "../../../src-main/ledger/index.ts";
import type { SearchRequest } from "../../../src-main/ledger/index.ts";
import { buildCollection } from "../../../src-main/node/search/build-collection.ts";
import type { NearestIndex, NearestIndexMaker } from "../../../src-main/ports/nearest-index.ts";
import { clusteredVectors } from "../../worlds/clustered-vectors.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { exactNearest, NEAREST, processorSecondsEach, recallOf } from "../search-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";
import { COLLECTION, FilledIndex } from "./filled-index.ts";

/** A collection as the node builds it. */
type Collection =
  ReturnType<typeof buildCollection> extends Generator<undefined, infer C> ? C : never;

const DIMENSION = 128;

/** What is aimed at: answers a second, recall, and milliseconds of an exact answer with proof. */
const RATE_LEAST = 2_000;
const RECALL_LEAST = 0.95;
const PROOF_MS_MOST = 50;

/** Lists that the committed answer reads. */
const PROBES = 8;

/** Runs the benchmarks of the accelerator. */
export async function benchSearchAccel(kit: BenchKit): Promise<void> {
  const { maker } = await searchAccelerator();
  if (maker === undefined) {
    kit.note("usearch does not load here; the accelerator is not measured");
    return;
  }
  const count = bySize(kit, 50_000, 10_000, 600);
  const asked = bySize(kit, 200, 100, 8);
  const spare = count / 10;
  const all = clusteredVectors({
    count: count + spare + asked,
    dimension: DIMENSION,
    clusters: 200,
  });
  const index = new FilledIndex(all.slice(0, count));
  const queries = all.slice(count + spare);
  const exact = queries.map((query) => exactNearest(query, index.vectors));
  const size = `size=${count} dimension=${DIMENSION}`;
  const collection = build(kit, index, maker, size);
  await benchQueries(kit, { collection, index, maker, queries, exact, size });
  await benchCommitted(kit, index, queries, size);
  benchChurn(kit, collection, { all, count, spare, queries, size });
}

function requestOf(query: Int8Array): SearchRequest {
  return { collection: COLLECTION, query, k: NEAREST, probes: PROBES };
}

/** The collection as the node builds it, all steps in a row. */
function build(
  kit: BenchKit,
  { vectors, view }: FilledIndex,
  maker: NearestIndexMaker,
  size: string,
): Collection {
  const row = collectionOf(view, COLLECTION);
  if (row === undefined) throw new Error("the index was filled");
  const plan = { name: COLLECTION, row, maker, readEmbedding: undefined };
  let longest = 0;
  let built: Collection | undefined;
  const seconds = processorSecondsEach(1, () => {
    const steps = buildCollection(view, plan);
    while (built === undefined) {
      const began = performance.now();
      const step = steps.next();
      longest = Math.max(longest, performance.now() - began);
      if (step.done === true) built = step.value;
    }
  });
  if (built === undefined) throw new Error("a build ends");
  mustHold(built.entries === vectors.length, "every live entry is taken in");
  const rate = vectors.length / seconds;
  kit.print(benchLine(`ledger.search-accel/op=build ${size} per=processor`, rate, "entries/s"));
  kit.print(benchLine(`ledger.search-accel/op=build-longest-step ${size}`, longest, "ms"));
  return built;
}

interface Asked {
  readonly collection: Collection;
  readonly index: FilledIndex;
  readonly maker: NearestIndexMaker;
  readonly queries: readonly Int8Array[];
  readonly exact: readonly ReadonlySet<number>[];
  readonly size: string;
}

async function benchQueries(kit: BenchKit, asked: Asked): Promise<void> {
  const { collection, queries, exact, size } = asked;
  const alone = graphAlone(asked);
  const queryOf = (at: number) => queries[at % queries.length];
  const ours = (at: number) => slotsOf(collection, queryOf(at));
  const theirs = (at: number) => alone.nearest(queryOf(at), NEAREST);
  const peer = "usearch-alone";
  const recall = recallOf(exact, ours);
  if (kit.size !== "tiny") mustHold(recall >= RECALL_LEAST, `recall ${recall}`);
  const recalls = { peer, peerValue: recallOf(exact, theirs), limit: RECALL_LEAST };
  kit.print(benchLine(`ledger.search-accel/op=recall@10 ${size}`, recall, "of exact", recalls));
  const runs = bySize(kit, 1_000, 300, 8);
  const rounds = bySize(kit, 7, 3, 1);
  const [clock, clockAlone] = await takeTurns(rounds, [
    () => secondsEach(runs, ours),
    () => secondsEach(runs, theirs),
  ]);
  const rates = { peer, peerValue: 1 / clockAlone, limit: RATE_LEAST };
  kit.print(benchLine(`ledger.search-accel/op=query ${size} per=clock`, 1 / clock, "q/s", rates));
  const [own, ownAlone] = await takeTurns(rounds, [
    () => processorSecondsEach(runs, ours),
    () => processorSecondsEach(runs, theirs),
  ]);
  const perProcessor = { peer, peerValue: 1 / ownAlone, limit: RATE_LEAST };
  kit.print(
    benchLine(`ledger.search-accel/op=query ${size} per=processor`, 1 / own, "q/s", perProcessor),
  );
}

/** The same graph without anything of ours: its own distances, its own order. */
function graphAlone({ index: { vectors }, maker }: Asked): NearestIndex {
  const graph = maker.make(DIMENSION, new Int8Array(0));
  const numbers = new Int8Array(vectors.length * DIMENSION);
  for (const [at, vector] of vectors.entries()) numbers.set(vector, at * DIMENSION);
  graph.add([...vectors.keys()], numbers);
  return graph;
}

function slotsOf(collection: Collection, query: Int8Array): readonly number[] {
  const hits = collection.search(nativeSha256, requestOf(query));
  mustHold(hits?.length === NEAREST, "ten hits");
  return (hits ?? []).map(({ slot }) => Number(slot));
}

async function benchCommitted(
  kit: BenchKit,
  { view }: FilledIndex,
  queries: readonly Int8Array[],
  size: string,
): Promise<void> {
  const answer = (at: number) => {
    const request = requestOf(queries[at % queries.length]);
    const hits = committedSearch(view, request);
    const proof = searchProof(view, request);
    if (!hits.ok || !proof.ok) throw new Error("the committed index answers");
    return encode(searchProofCodec, proof.value);
  };
  answer(0);
  const runs = bySize(kit, 20, 10, 2);
  const [clock, own] = await takeTurns(bySize(kit, 5, 3, 1), [
    () => secondsEach(runs, answer),
    () => processorSecondsEach(runs, answer),
  ]);
  const name = `ledger.search-accel/op=committed-answer-and-proof ${size} probes=${PROBES}`;
  const limit = { limit: PROOF_MS_MOST };
  kit.print(benchLine(`${name} per=clock`, 1_000 * clock, "ms", limit));
  kit.print(benchLine(`${name} per=processor`, 1_000 * Math.max(own, 1e-6), "ms", limit));
}

/** A tenth is retracted and as many come in, without a build. */
function benchChurn(
  kit: BenchKit,
  collection: Collection,
  {
    all,
    count,
    spare,
    queries,
    size,
  }: {
    readonly all: readonly Int8Array[];
    readonly count: number;
    readonly spare: number;
    readonly queries: readonly Int8Array[];
    readonly size: string;
  },
): void {
  for (let slot = 0; slot < spare; slot += 1) collection.remove(BigInt(slot));
  for (let slot = count; slot < count + spare; slot += 1) {
    const embedding = new Uint8Array(all[slot].buffer, all[slot].byteOffset, DIMENSION);
    collection.add([{ slot: BigInt(slot), what: "other", tags: [], embedding }]);
  }
  const now = all.slice(spare, count + spare);
  const exact = queries.map((query) => {
    return new Set([...exactNearest(query, now)].map((at) => at + spare));
  });
  const recall = recallOf(exact, (at) => slotsOf(collection, queries[at]));
  if (kit.size !== "tiny") mustHold(recall >= RECALL_LEAST, `recall ${recall} after churn`);
  const name = `ledger.search-accel/op=recall@10 ${size} replaced=${spare}`;
  kit.print(benchLine(name, recall, "of exact", { limit: RECALL_LEAST }));
}
