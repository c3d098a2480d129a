/** Measures the hash table before the index: how often it answers, and how much faster. */

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { committedSearch } from "../../../src-main/ledger/index.ts";
import type { SearchHit } from "../../../src-main/ledger/index.ts";
import { HotAnswers } from "../../../src-main/node/search/hot-answers.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { COLLECTION } from "../ledger/filled-index.ts";
import { NEAREST } from "../search-kit.ts";
import type { SearchedVectors } from "./searched-vectors.ts";

/** Answers kept, of so many different queries: a tenth. */
const KEPT = 40;
const DIFFERENT = 400;

/** Runs them: queries drawn so that the n-th most frequent comes 1/n as often (Zipf). */
export function benchHotAnswers(kit: BenchKit, { index, size }: SearchedVectors): void {
  const hot = new HotAnswers<readonly SearchHit[]>(KEPT);
  const random = new SeededRandom(5);
  const asks = bySize(kit, 2_000, 1_000, 40);
  const requestOf = (rank: number) => ({
    collection: COLLECTION,
    query: index.vectors[(rank * 97) % index.vectors.length].map((number) => number >> 1),
    k: NEAREST,
    probes: 8,
  });
  const search = (rank: number) => {
    const hits = committedSearch(index.view, requestOf(rank));
    if (!hits.ok) throw new Error(hits.rejection.code);
    return hits.value;
  };
  const ms = { kept: [] as number[], made: [] as number[] };
  for (let ask = 0; ask < asks; ask += 1) {
    const rank = zipf(random);
    const before = hot.counts.hits;
    const began = performance.now();
    const answer = hot.answer(index.root, requestOf(rank), () => search(rank));
    const took = performance.now() - began;
    (hot.counts.hits > before ? ms.kept : ms.made).push(took);
    if (ask % 50 === 0) {
      const same = JSON.stringify(answer, words) === JSON.stringify(search(rank), words);
      mustHold(same, "a kept answer is the one that would be given");
    }
  }
  const { asked, hits } = hot.counts;
  const name = (op: string) => `search.hot/op=${op} ${size} kept=${KEPT} of=${DIFFERENT}`;
  kit.print(benchLine(name("hit-ratio"), Math.max(hits / asked, 1e-9), "of queries"));
  const of = (times: readonly number[]) =>
    times.reduce((sum, one) => sum + one, 0) / Math.max(1, times.length);
  kit.print(
    benchLine(name("answer-kept"), Math.max(of(ms.kept), 1e-6), "ms", {
      peer: "answer-made",
      peerValue: of(ms.made),
    }),
  );
  mustHold(
    hot.answer(nativeSha256(index.root), requestOf(0), () => undefined) === undefined,
    "a new root",
  );
}

/** A rank from 0 to 399, rank r with weight 1 / (r + 1). */
function zipf(random: SeededRandom): number {
  const total = Array.from({ length: DIFFERENT }, (_, rank) => 1 / (rank + 1)).reduce(
    (sum, weight) => sum + weight,
    0,
  );
  let left = (random.below(1_000_000) / 1_000_000) * total;
  for (let rank = 0; rank < DIFFERENT; rank += 1) {
    left -= 1 / (rank + 1);
    if (left < 0) return rank;
  }
  return DIFFERENT - 1;
}

function words(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
