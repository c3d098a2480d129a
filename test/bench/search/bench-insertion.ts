/** Measures maintenance: how long one more entry takes, in the committed index and in a graph. */

import { searchAccelerator } from "../../../src-main/adapters/search-accelerator/index.ts";
import { benchLine } from "../bench-line.ts";
import { bySize } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { added } from "../ledger/filled-index.ts";
import { p95 } from "../search-kit.ts";
import type { SearchedVectors } from "./searched-vectors.ts";

/** Runs them. */
export async function benchInsertion(kit: BenchKit, searched: SearchedVectors): Promise<void> {
  const { index, size } = searched;
  const runs = bySize(kit, 200, 100, 4);
  const first = index.vectors.length;
  const vectorOf = (at: number) => index.vectors[(at * 7) % first].map((number) => number >> 1);
  const seconds = Array.from({ length: runs }, (_, at) => {
    const slot = first + at;
    return index.commit([added(slot, vectorOf(at))], BigInt(slot + 1));
  });
  const ms = 1_000 * p95(seconds);
  kit.print(benchLine(`search.insert/into=committed-index of=p95 ${size}`, ms, "ms"));
  const { maker } = await searchAccelerator();
  if (maker === undefined) return;
  const dimension = index.vectors[0].length;
  const graph = maker.make(dimension, new Int8Array(0));
  const numbers = new Int8Array(first * dimension);
  for (const [at, vector] of index.vectors.entries()) numbers.set(vector, at * dimension);
  graph.add([...index.vectors.keys()], numbers);
  const times = Array.from({ length: runs }, (_, at) => {
    const began = performance.now();
    graph.add([first + at], vectorOf(at));
    return performance.now() - began;
  });
  kit.print(benchLine(`search.insert/into=graph of=p95 ${size}`, p95(times), "ms"));
}
