/**
 * Decides what a source is called over a time in which several meters may have stood under its
 * name: what it is now, and no better than the weakest of them.
 */

import { weakestTier } from "../../../energy/index.ts";
import type { SourceSince } from "../../../ports/energy-store.ts";
import type { MeterIdentity } from "../../../ports/meter.ts";

/** @param since  who measured, oldest first */
export function identityOver(
  now: MeterIdentity,
  since: readonly SourceSince[],
  fromMs: number,
  toMs: number,
): MeterIdentity {
  const stood = since.filter(({ fromMs: begin }, at) => {
    const end = since[at + 1]?.fromMs ?? Infinity;
    return begin < toMs && end > fromMs;
  });
  const tiers = stood.map(({ identity }) => identity.tier);
  return { ...now, tier: weakestTier(tiers) ?? now.tier };
}
