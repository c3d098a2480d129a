/**
 * Measures what the white paper names as drawbacks of a vector index and what is done about each:
 * storage (compression), maintenance (insertion), fragmentation (partitioning), fault tolerance
 * (dead shards), missing parts (sampling), and often asked queries (a hash table).
 */

import type { BenchKit } from "../bench-kit.ts";
import { bySize } from "../bench-kit.ts";
import { benchSearchAccel } from "../ledger/bench-search-accel.ts";
import { FilledIndex } from "../ledger/filled-index.ts";
import { exactNearest } from "../search-kit.ts";
import { clusteredVectors } from "../../worlds/clustered-vectors.ts";
import { benchCompression } from "./bench-compression.ts";
import { benchInsertion } from "./bench-insertion.ts";
import { benchPartition } from "./bench-partition.ts";
import { benchSampling } from "./bench-sampling.ts";
import { benchHotAnswers } from "./bench-hot-answers.ts";
import type { SearchedVectors } from "./searched-vectors.ts";

/** Numbers of a vector. */
const DIMENSION = 128;

/** Runs the benchmarks of searching. */
export async function benchSearchRoom(kit: BenchKit): Promise<void> {
  await benchSearchAccel(kit);
  const count = bySize(kit, 50_000, 10_000, 600);
  const asked = bySize(kit, 100, 50, 6);
  const all = clusteredVectors({ count: count + asked, dimension: DIMENSION, clusters: 200 });
  const index = new FilledIndex(all.slice(0, count));
  const queries = all.slice(count);
  const exact = queries.map((query) => exactNearest(query, index.vectors));
  const size = `size=${count} dimension=${DIMENSION}`;
  const vectors: SearchedVectors = { index, queries, exact, size };
  await benchCompression(kit, vectors);
  await benchInsertion(kit, vectors);
  benchPartition(kit, vectors);
  benchSampling(kit, vectors);
  benchHotAnswers(kit, vectors);
}
