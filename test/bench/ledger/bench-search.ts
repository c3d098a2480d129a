/**
 * Measures the similarity index by its committed semantics: entries taken in, an exact answer, its
 * proof, and what checking it costs somebody who has the index root alone.
 */

import { chooseHashPairs, nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { decode, encode } from "../../../src-main/codec/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import {
  applyIndexChanges,
  BuildMemo,
  committedSearch,
  searchProof,
  searchProofCodec,
  squaredDistance,
  verifySearch,
  waitingInputs,
} from "../../../src-main/ledger/index.ts";
import type { IndexChange, SearchRequest } from "../../../src-main/ledger/index.ts";
import { clusteredVectors } from "../../worlds/clustered-vectors.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";

const DIMENSION = 128;
const COMMIT = 1_000;
const COLLECTION = "bench";

/** An index in memory, as a store would hold it. */
class BenchIndex {
  readonly #pages = new Map<string, Uint8Array>();
  readonly #memo = new BuildMemo(nativeSha256);
  readonly #hashPairs = chooseHashPairs();
  root: Uint8Array = new Uint8Array(32);
  readonly view = {
    hasher: nativeSha256,
    readPage: (key: Uint8Array) => this.#pages.get(bytesToHex(key)),
  };

  commit(changes: readonly IndexChange[], epoch: bigint, size: bigint): number {
    const began = performance.now();
    const needs = { ...this.view, hashPairs: this.#hashPairs, buildMemo: this.#memo };
    const { root, pages } = applyIndexChanges(needs, this.root, changes, { epoch, size });
    const seconds = (performance.now() - began) / 1_000;
    for (const { key, bytes } of pages) {
      if (bytes === undefined) this.#pages.delete(bytesToHex(key));
      else this.#pages.set(bytesToHex(key), bytes);
    }
    this.root = root;
    return seconds;
  }

  /** Computes what waits off the path; answers the seconds it took. */
  ahead(): number {
    const began = performance.now();
    for (const input of waitingInputs(this.view))
      for (const step of this.#memo.ahead(input)) void step;
    return (performance.now() - began) / 1_000;
  }
}

/** The benchmarks of the similarity index. */
export async function benchSearch(kit: BenchKit): Promise<void> {
  const count = bySize(kit, 50_000, 20_000, 600);
  const asked = bySize(kit, 32, 16, 4);
  const vectors = clusteredVectors({ count: count + asked, dimension: DIMENSION, clusters: 200 });
  const index = new BenchIndex();
  const changes = vectors.slice(0, count).map((embedding, slot): IndexChange => ({
    kind: "add",
    slot: BigInt(slot),
    collection: COLLECTION,
    what: "other",
    tags: ["bench"],
    embedding: new Uint8Array(embedding.buffer, embedding.byteOffset, DIMENSION),
  }));
  grow(kit, index, changes);
  const queries = vectors.slice(count);
  const exact = queries.map((query) => exactNearest(query, vectors.slice(0, count)));
  for (const probes of [4, 8, 16]) await benchProbes(kit, { index, count, queries, exact }, probes);
}

/** Takes the entries in, and has the last build made of all of them. */
function grow(kit: BenchKit, index: BenchIndex, changes: readonly IndexChange[]): void {
  const rates: number[] = [];
  let epoch = 0n;
  for (let first = 0; first < changes.length; first += COMMIT) {
    const some = changes.slice(first, first + COMMIT);
    index.ahead();
    epoch += 1n;
    const seconds = index.commit(some, epoch, BigInt(first + some.length));
    rates.push(some.length / seconds);
  }
  const ahead = index.ahead();
  const build = index.commit([], epoch + 2n, BigInt(changes.length));
  // Commits that carry a build out are the slow ones; half of all are quicker than the median.
  const sorted = [...rates].sort((left, right) => left - right);
  const size = `size=${changes.length} dimension=${DIMENSION}`;
  const rate = sorted[Math.floor(sorted.length / 2)];
  kit.print(benchLine(`ledger.search/op=insert ${size} commit=${COMMIT}`, rate, "entries/s"));
  kit.print(benchLine(`ledger.search/op=insert-slowest ${size}`, sorted[0], "entries/s"));
  if (ahead > 0.001) kit.print(benchLine(`ledger.search/op=build-ahead ${size}`, ahead, "s"));
  kit.print(benchLine(`ledger.search/op=last-commit ${size}`, build, "s"));
}

interface Asked {
  readonly index: BenchIndex;
  readonly count: number;
  readonly queries: readonly Int8Array[];
  /** Slots of the ten nearest of all, for each query. */
  readonly exact: readonly ReadonlySet<bigint>[];
}

async function benchProbes(
  kit: BenchKit,
  { index, count, queries, exact }: Asked,
  probes: number,
): Promise<void> {
  const { view, root } = index;
  const request = (at: number): SearchRequest => ({
    collection: COLLECTION,
    query: queries[at % queries.length],
    k: 10,
    probes,
  });
  const proofs = queries.map((_, at) => {
    const proof = searchProof(view, request(at));
    if (!proof.ok) throw new Error(proof.rejection.code);
    return encode(searchProofCodec, proof.value);
  });
  const verify = (at: number, hasher = nativeSha256) => {
    const proof = decode(searchProofCodec, proofs[at % proofs.length]);
    if (!proof.ok) throw new Error(proof.rejection.code);
    const hits = verifySearch(hasher, root, request(at), proof.value);
    if (!hits.ok) throw new Error(hits.rejection.code);
    return hits.value;
  };
  const answer = (at: number) => {
    const hits = committedSearch(view, request(at));
    if (!hits.ok) throw new Error(hits.rejection.code);
    return hits.value;
  };
  let found = 0;
  for (const [at, nearest] of exact.entries()) {
    const hits = answer(at);
    const same = verify(at, sha256).every((hit, rank) => hit.slot === hits[rank].slot);
    mustHold(same, "a verified answer is the committed one");
    found += hits.filter(({ slot }) => nearest.has(slot)).length;
  }
  const runs = bySize(kit, 16, 8, 2);
  const [searching, proving, verifying, inPage] = await takeTurns(bySize(kit, 5, 3, 1), [
    () => secondsEach(runs, (at) => answer(at)),
    () => secondsEach(runs, (at) => [answer(at), proved(view, request(at))]),
    () => secondsEach(runs, (at) => verify(at)),
    () => secondsEach(2, (at) => verify(at, sha256)),
  ]);
  const size = `size=${count} dimension=${DIMENSION} probes=${probes}`;
  const bytes = proofs.reduce((sum, proof) => sum + proof.length, 0) / proofs.length;
  const recall = found / (10 * queries.length);
  kit.print(benchLine(`ledger.search/op=recall@10 ${size}`, recall, "of exact"));
  kit.print(benchLine(`ledger.search/op=answer ${size}`, 1_000 * searching, "ms"));
  kit.print(
    benchLine(`ledger.search/op=answer-and-proof ${size}`, 1_000 * proving, "ms", { limit: 50 }),
  );
  kit.print(benchLine(`ledger.search/op=proof-bytes ${size}`, bytes, "bytes"));
  kit.print(benchLine(`ledger.search/op=verify ${size}`, 1_000 * verifying, "ms"));
  kit.print(benchLine(`ledger.search/op=verify-in-page ${size}`, 1_000 * inPage, "ms"));
}

/** The proof in bytes, as it is sent. */
function proved(view: BenchIndex["view"], request: SearchRequest): Uint8Array {
  const proof = searchProof(view, request);
  if (!proof.ok) throw new Error(proof.rejection.code);
  return encode(searchProofCodec, proof.value);
}

/** Slots of the ten nearest of all, by looking at every one. */
function exactNearest(query: Int8Array, vectors: readonly Int8Array[]): ReadonlySet<bigint> {
  const ranked = vectors.map((vector, slot) => {
    return { slot, distance: squaredDistance(query, vector, 0, Infinity) };
  });
  ranked.sort((left, right) => left.distance - right.distance || left.slot - right.slot);
  return new Set(ranked.slice(0, 10).map(({ slot }) => BigInt(slot)));
}
