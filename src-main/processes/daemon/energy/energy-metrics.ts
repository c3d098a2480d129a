/** Decides what Prometheus reads of energy; no value stands for what nobody measured. */

import type { Readings } from "../../../api/index.ts";
import { tierRank, TIERS } from "../../../energy/index.ts";
import type { EnergyBook } from "./energy-book.ts";
import type { EnergyCount } from "./energy-count.ts";

const HOUR_MS = 3_600_000;

/**
 * The samples by metric: joules counted since the daemon started by source, coverage of the running
 * day, the match of its hours, and the grid's average intensity now.
 */
export function energyMetrics(book: EnergyBook, count: EnergyCount, nowMs: number): Readings {
  const { today, boundary, storageShare } = book.now();
  const { average } = book.signals();
  const joules = count.counted().map(({ identity, millijoules }) => ({
    labels: {
      device: identity.device ?? identity.boundary,
      source: identity.id,
      tier: identity.tier,
    },
    value: millijoules / 1_000,
  }));
  const tiersOf = (wanted: string) =>
    count.identities().flatMap(({ role, tier }) => (role === wanted ? [tier] : []));
  const ownTiers = tiersOf("generation");
  const tiers = [...ownTiers, ...tiersOf("storage"), ...(today.tier === null ? [] : [today.tier])];
  const evidence = TIERS[Math.max(0, ...tiers.map(tierRank))];
  const isCovered = boundary !== null && nowMs - today.fromMs > 0 && nowMs > HOUR_MS;
  return {
    miner_energy_joules_total: joules,
    miner_meter_coverage_ratio: isCovered ? [{ labels: { boundary }, value: today.coverage }] : [],
    miner_hourly_match_ratio:
      today.hourlyMatch === null || ownTiers.length === 0
        ? []
        : [{ labels: { tier: evidence }, value: today.hourlyMatch }],
    miner_storage_charge_ratio:
      storageShare === null ? [] : [{ labels: { what: "least" }, value: storageShare }],
    miner_grid_carbon_grams_per_kwh:
      average?.now === null || average === null
        ? []
        : [{ labels: { source: average.source }, value: average.now.value }],
  };
}
