/** Decides how good a figure is that rests on several sources: as good as the weakest of them. */

import type { EnergyTier } from "../../ports/meter.ts";

/** Best first. */
export const TIERS: readonly EnergyTier[] = ["A", "B", "C", "D", "E"];

/** 0 for the best tier. */
export function tierRank(tier: EnergyTier): number {
  return TIERS.indexOf(tier);
}

/** The weakest of some tiers; null of none. */
export function weakestTier(tiers: Iterable<EnergyTier>): EnergyTier | null {
  let weakest: EnergyTier | null = null;
  for (const tier of tiers) {
    if (weakest === null || tierRank(tier) > tierRank(weakest)) weakest = tier;
  }
  return weakest;
}
