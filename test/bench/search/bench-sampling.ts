/** Measures sampling: how well some of the numbers tell a distance, and within what bound. */

import { squaredDistance } from "../../../src-main/ledger/index.ts";
import {
  drawPlaces,
  estimateDistance,
  sampleVector,
} from "../../../src-main/node/search/sampled-distance.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { NEAREST, recallOf } from "../search-kit.ts";
import type { SearchedVectors } from "./searched-vectors.ts";

/** Part of all draws for which a bound may not hold. */
const FAILURE = 0.05;

/** Candidates that are measured with all their numbers. */
const CANDIDATES = 100;

/** Runs them. */
export function benchSampling(kit: BenchKit, searched: SearchedVectors): void {
  for (const part of [8, 4, 2]) benchPart(kit, searched, part);
}

function benchPart(kit: BenchKit, { exact, index, queries }: SearchedVectors, part: number): void {
  const { vectors } = index;
  const dimension = vectors[0].length;
  const count = dimension / part;
  const random = new SeededRandom(part);
  const asked = queries.slice(0, bySize(kit, 20, 10, 2));
  const held = vectors.map((vector) =>
    sampleVector(
      vector,
      drawPlaces((end) => random.below(end), dimension, count),
    ),
  );
  let outside = 0;
  let told = 0;
  let sum = 0;
  let errors = 0;
  let bounds = 0;
  const answers = asked.map((query) => {
    const judged = held.map((sampled, slot) => {
      const { estimate, bound } = estimateDistance(query, sampled, FAILURE);
      const distance = squaredDistance(query, vectors[slot], 0, Infinity);
      told += 1;
      sum += distance;
      errors += Math.abs(estimate - distance);
      bounds += bound;
      if (Math.abs(estimate - distance) > bound) outside += 1;
      return { slot, estimate, distance };
    });
    judged.sort((one, other) => one.estimate - other.estimate || one.slot - other.slot);
    const few = judged.slice(0, CANDIDATES);
    few.sort((one, other) => one.distance - other.distance || one.slot - other.slot);
    return few.slice(0, NEAREST).map(({ slot }) => slot);
  });
  mustHold(outside <= FAILURE * told, "the bound holds as often as it says");
  const size = `size=${vectors.length} held=${count} of=${dimension}`;
  const line = (op: string, value: number, unit: string) =>
    kit.print(benchLine(`search.sampling/op=${op} ${size}`, Math.max(value, 1e-9), unit));
  line("mean-error", errors / sum, "of the distance");
  line("mean-bound-95", bounds / sum, "of the distance");
  line("inside-bound", 1 - outside / told, "of estimates");
  line(
    `recall@10 candidates=${CANDIDATES}`,
    recallOf(exact.slice(0, asked.length), (at) => answers[at]),
    "of exact",
  );
}
