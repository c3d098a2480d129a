/**
 * Decides the totals of a report, by whole numbers alone. Rounding never claims more than there is:
 * shares (four decimals) are rounded down, grams (three decimals) and the uncertainty (two) are
 * rounded up. A factor that is missing where energy needs it makes a total null, never zero.
 *
 *   matched(i)  = min(load, own + storage + certificates); own and storage count only where their
 *                 attributes are retained
 *   location_g  = sum of bought(i) × grid average; bought(i) = load − min(load, own + storage),
 *                 whoever has the attributes: no grid carried it
 *   market_g    = sum of (load − matched)(i) × residual mix
 */

import type { EnergyReport, ReportInterval, ReportTotals } from "../../contract/energy-report.ts";

/** What totals are made from. */
export type Figures = Pick<EnergyReport, "intervals" | "sources" | "own_attributes">;

/** A decimal number as so many units of its last place; schemas allow no more places. */
function scaled(value: number, places: number): bigint {
  return BigInt(Math.round(value * 10 ** places));
}

const least = (left: bigint, right: bigint): bigint => (left < right ? left : right);
const roundedUp = (dividend: bigint, divisor: bigint): bigint =>
  (dividend + divisor - 1n) / divisor;

/** Whole Wh of an interval that are matched. */
export function matchedWh(
  interval: ReportInterval,
  attributes: EnergyReport["own_attributes"],
): bigint {
  const own = attributes === "retained" ? interval.own_wh + interval.storage_wh : 0;
  return least(BigInt(interval.load_wh), BigInt(own) + BigInt(interval.gc_wh));
}

/** Whole Wh that came over the grid. */
export function boughtWh({ load_wh, own_wh, storage_wh }: ReportInterval): bigint {
  const load = BigInt(load_wh);
  return load - least(load, BigInt(own_wh) + BigInt(storage_wh));
}

/** A sum of energy times a factor; null once a factor is missing where there is energy. */
class Weighted {
  #sum: bigint | null = 0n;

  add(energyWh: bigint, factor: number | null | undefined, places: number): void {
    if (energyWh === 0n || this.#sum === null) return;
    this.#sum =
      factor === null || factor === undefined
        ? null
        : this.#sum + energyWh * scaled(factor, places);
  }

  /** Grams with three decimals, from Wh × thousandths of g/kWh: 10^-6 g each. */
  grams(): number | null {
    return this.#sum === null ? null : Number(roundedUp(this.#sum, 1_000n)) / 1_000;
  }

  value(): bigint | null {
    return this.#sum;
  }
}

/** The totals of a report's figures. */
export function totalsOf({ intervals, sources, own_attributes }: Figures): ReportTotals {
  const uncertainty = new Map(sources.map(({ id, uncertainty_pct }) => [id, uncertainty_pct]));
  let load = 0n;
  let measured = 0n;
  let matched = 0n;
  const free = new Weighted();
  const location = new Weighted();
  const market = new Weighted();
  const error = new Weighted();
  for (const interval of intervals) {
    const energy = BigInt(interval.load_wh);
    const met = matchedWh(interval, own_attributes);
    load += energy;
    matched += met;
    if (interval.quality === "measured") measured += energy * scaled(interval.coverage, 4);
    free.add(energy - met, interval.grid_cfe, 4);
    location.add(boughtWh(interval), interval.grid_g_per_kwh, 3);
    market.add(energy - met, interval.residual_g_per_kwh, 3);
    error.add(energy, uncertainty.get(interval.load_src), 2);
  }
  const share = (sum: bigint): number => (load === 0n ? 0 : Number(sum / load) / 10_000);
  const carbonFree = free.value();
  const band = error.value();
  return {
    load_wh: Number(load),
    measured_share: share(measured),
    matched_wh: Number(matched),
    hourly_match: share(matched * 10_000n),
    cfe_score: carbonFree === null ? null : share(matched * 10_000n + carbonFree),
    location_g: location.grams(),
    market_g: market.grams(),
    ...(band === null || load === 0n
      ? {}
      : { uncertainty_pct: Number(roundedUp(band, load)) / 100 }),
  };
}
