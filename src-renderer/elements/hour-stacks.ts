/**
 * Decides where the bars of energy by row stand: supply stacked from below (own, storage, grid),
 * what is given away above the load, the load as a line, and the strip that says how good each
 * row is. Lengths are shares of the highest row.
 */

import type { EnergyHour } from "../../src-main/contract/control-api/energy.ts";

/** A piece of a bar; both from 0 to 1. */
export interface Piece {
  readonly kind: "own" | "storage" | "grid" | "surplus";
  readonly from: number;
  readonly to: number;
}

/** A row as it is drawn; no load is a gap and is drawn as one. */
export interface Stack {
  readonly startMs: number;
  readonly pieces: readonly Piece[];
  readonly load: number | null;
}

/** Rows beside each other of one tier; null is a stretch without any reading. */
export interface TierRun {
  readonly tier: EnergyHour["tier"];
  readonly first: number;
  readonly count: number;
}

/** The energy that the chart's height stands for, in millijoules; 0 where there is none. */
export function highestOf(rows: readonly EnergyHour[]): number {
  return rows.reduce((most, row) => {
    const supply = (row.loadMillijoules ?? 0) + row.surplusMillijoules;
    return Math.max(most, supply, row.ownMillijoules ?? 0);
  }, 0);
}

/** Lays the rows out. */
export function stacksOf(rows: readonly EnergyHour[]): readonly Stack[] {
  const highest = highestOf(rows);
  const share = (millijoules: number) => (highest === 0 ? 0 : millijoules / highest);
  return rows.map((row) => {
    const { startMs, loadMillijoules: load, surplusMillijoules: surplus } = row;
    if (load === null) return { startMs, pieces: [], load: null };
    const own = Math.min(load, row.ownMillijoules ?? 0);
    const storage = Math.min(load - own, row.storageMillijoules ?? 0);
    const ends = [0, own, own + storage, load, load + surplus].map(share);
    const kinds = ["own", "storage", "grid", "surplus"] as const;
    const pieces = kinds.map((kind, at) => ({ kind, from: ends[at], to: ends[at + 1] }));
    return { startMs, pieces: pieces.filter(({ from, to }) => to > from), load: share(load) };
  });
}

/** Rows of one tier put together, in order. */
export function tierRuns(rows: readonly EnergyHour[]): readonly TierRun[] {
  const runs: TierRun[] = [];
  rows.forEach(({ tier }, index) => {
    const last = runs.at(-1);
    if (last !== undefined && last.tier === tier) {
      runs[runs.length - 1] = { ...last, count: last.count + 1 };
    } else runs.push({ tier, first: index, count: 1 });
  });
  return runs;
}
