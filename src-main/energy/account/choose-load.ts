/**
 * Decides which load sources are counted: one boundary, so that nothing is added to what contains
 * it. The best tier first, then the widest boundary; the rest is shown beside it.
 */

import type { EnergyBoundary, EnergyTier, MeterIdentity } from "../../ports/meter.ts";
import { tierRank, weakestTier } from "../sources/evidence.ts";

/** Narrowest first; each contains what comes before. */
const BOUNDARIES: readonly EnergyBoundary[] = ["accelerators", "host-dc", "wall", "site-meter"];

/** What is counted as the load. */
export interface ChosenLoad {
  readonly boundary: EnergyBoundary;
  /** Of the weakest source that is counted. */
  readonly tier: EnergyTier;
  /** Sources whose sum is the load. */
  readonly counted: readonly MeterIdentity[];
  /** Other readings of the same energy or of parts of it; never added. */
  readonly beside: readonly MeterIdentity[];
}

/** Chooses among the sources of the role "load"; null without any. */
export function chooseLoad(identities: readonly MeterIdentity[]): ChosenLoad | null {
  const loads = identities.filter(({ role }) => role === "load");
  let best: Omit<ChosenLoad, "beside"> | null = null;
  for (const boundary of BOUNDARIES) {
    const counted = ofBoundary(loads.filter((one) => one.boundary === boundary));
    const tier = weakestTier(counted.map((one) => one.tier));
    if (tier === null) continue;
    // A later boundary is wider, so that it wins where the tier is the same.
    if (best === null || tierRank(tier) <= tierRank(best.tier)) best = { boundary, tier, counted };
  }
  if (best === null) return null;
  const { counted } = best;
  return { ...best, beside: loads.filter((one) => !counted.includes(one)) };
}

/**
 * The sources of one boundary that add up: one for each device, or one that holds all. Two of the
 * same thing are two readings of one energy.
 */
function ofBoundary(identities: readonly MeterIdentity[]): MeterIdentity[] {
  const whole = bestOf(identities.filter(({ device }) => device === null));
  const parts = bestByDevice(identities);
  const partsTier = weakestTier(parts.map(({ tier }) => tier));
  if (whole === null) return parts;
  return partsTier === null || tierRank(whole.tier) <= tierRank(partsTier) ? [whole] : parts;
}

/** The best source of each device that has one of its own, by device. */
export function bestByDevice(identities: readonly MeterIdentity[]): MeterIdentity[] {
  const devices = [...new Set(identities.map(({ device }) => device))];
  return devices.flatMap((device) => {
    if (device === null) return [];
    return bestOf(identities.filter((one) => one.device === device)) ?? [];
  });
}

/** The best tier; among equals the first by id, so that the choice does not wander. */
function bestOf(identities: readonly MeterIdentity[]): MeterIdentity | null {
  let best: MeterIdentity | null = null;
  for (const one of identities) {
    if (best === null || isBetter(one, best)) best = one;
  }
  return best;
}

function isBetter(one: MeterIdentity, other: MeterIdentity): boolean {
  const apart = tierRank(one.tier) - tierRank(other.tier);
  return apart === 0 ? one.id < other.id : apart < 0;
}
