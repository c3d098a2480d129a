/** What benchmarks of searching share: exact answers, recall, time as the processor counts. */

import { squaredDistance } from "../../src-main/ledger/index.ts";

/** Hits that recall is told of. */
export const NEAREST = 10;

/** The slots of the ten nearest of all, by looking at every one. */
export function exactNearest(query: Int8Array, vectors: readonly Int8Array[]): ReadonlySet<number> {
  const ranked = vectors.map((vector, slot) => ({
    slot,
    distance: squaredDistance(query, vector, 0, Infinity),
  }));
  ranked.sort((one, other) => one.distance - other.distance || one.slot - other.slot);
  return new Set(ranked.slice(0, NEAREST).map(({ slot }) => slot));
}

/** Part of the exact answers that was found. */
export function recallOf(
  exact: readonly ReadonlySet<number>[],
  found: (at: number) => readonly number[],
): number {
  let hits = 0;
  for (const [at, nearest] of exact.entries()) {
    hits += found(at).filter((slot) => nearest.has(slot)).length;
  }
  return hits / (NEAREST * exact.length);
}

/** Seconds of this process's processor time that one of `count` runs took, whoever else runs. */
export function processorSecondsEach(count: number, run: (index: number) => unknown): number {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) run(index);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / count;
}

/** The value that 95 of 100 do not exceed. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(0.95 * (sorted.length - 1))];
}
