/**
 * Decides what energy costs: whole 10^-6 of the owner's currency, by the price of the time it was
 * used at. Where the price of some of it is not known, the cost is not known.
 */

/** Prices a kWh, in 10^-6 of the currency; they may be negative. */
export type Tariff =
  | { readonly kind: "none" }
  | { readonly kind: "flat"; readonly currency: string; readonly microsPerKwh: number }
  | {
      readonly kind: "hour-of-week";
      readonly currency: string;
      /** 168 prices, from Monday 0:00 of the owner's clock on; null where nobody knows. */
      readonly microsPerKwh: readonly (number | null)[];
    }
  | {
      readonly kind: "signal";
      readonly currency: string;
      /** Added to each price of the signal: fees and taxes a kWh. */
      readonly addedMicros: number;
      /** Times what the signal says, in millionths: value-added tax is 1,190,000. */
      readonly factorMillionths: number;
    };

/** What a tariff needs beside itself. */
export interface TariffNeeds {
  /** Hour of the week of the owner's clock, 0 for Monday 0:00 to 1:00, up to 167. */
  readonly hourOfWeek: (atMs: number) => number;
  /** Price of the signal at a moment; null where it has none. */
  readonly signal: (atMs: number) => number | null;
}

const MILLIJOULES_PER_KWH = 3_600_000_000n;

/** Price of a kWh at a moment; null where nobody knows. */
export function priceAt(tariff: Tariff, atMs: number, needs: TariffNeeds): number | null {
  if (tariff.kind === "none") return null;
  if (tariff.kind === "flat") return tariff.microsPerKwh;
  if (tariff.kind === "hour-of-week") {
    return tariff.microsPerKwh[needs.hourOfWeek(atMs)] ?? null;
  }
  const price = needs.signal(atMs);
  if (price === null) return null;
  return Math.round((price * tariff.factorMillionths) / 1_000_000) + tariff.addedMicros;
}

/** Energy at a price. */
export interface PricedEnergy {
  readonly millijoules: number;
  readonly microsPerKwh: number | null;
}

/** Cost of all of it, rounded once; null where a price is missing for energy that was used. */
export function costOf(parts: Iterable<PricedEnergy>): number | null {
  let sum = 0n;
  for (const { millijoules, microsPerKwh } of parts) {
    if (millijoules === 0) continue;
    if (microsPerKwh === null) return null;
    sum += BigInt(millijoules) * BigInt(microsPerKwh);
  }
  const half = sum < 0n ? -MILLIJOULES_PER_KWH / 2n : MILLIJOULES_PER_KWH / 2n;
  return Number((sum + half) / MILLIJOULES_PER_KWH);
}
