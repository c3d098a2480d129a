/**
 * Decides how energy, power and money of it are written, and what is said of how good a figure is.
 * What nobody knows is a dash, never 0; no word here judges energy.
 */

import type {
  EnergyHours,
  EnergyNow,
  EnergyTotals,
} from "../../src-main/contract/control-api/energy.ts";
import type { RewardEnergy } from "../../src-main/contract/control-api/wallet.ts";
import { TIER_WORDS } from "../../src-main/contract/energy-tiers.ts";
import { formatPercent } from "../../src-main/contract/units.ts";

type Tier = NonNullable<EnergyTotals["tier"]>;

/** What one Wh is. */
export const MILLIJOULES_PER_WH = 3_600_000;

/** What is not known. */
export const UNKNOWN = "–";

/** "B metered". */
export function tierText(tier: Tier): string {
  return `${tier} ${TIER_WORDS[tier]}`;
}

/** A tier by the ledger's number of it (1 is E, 5 is A): "B metered". */
export function tierNumberText(tier: number): string {
  const letter = (["E", "D", "C", "B", "A"] as const)[tier - 1];
  return letter === undefined ? `tier number ${tier}` : tierText(letter);
}

/** Three digits, which is more than most meters are good for: "1.24", "12.4", "124". */
function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** "0.42 Wh", "812 Wh", "1.24 kWh", "3.10 MWh". */
export function energyText(millijoules: number | null): string {
  if (millijoules === null) return UNKNOWN;
  const wh = millijoules / MILLIJOULES_PER_WH;
  if (wh < 1_000) return `${threeDigits(wh)} Wh`;
  return wh < 1e6 ? `${threeDigits(wh / 1e3)} kWh` : `${threeDigits(wh / 1e6)} MWh`;
}

/** "7.3 W", "214 W", "3.4 kW"; below zero is what is given away. */
export function wattsText(watts: number | null): string {
  if (watts === null) return UNKNOWN;
  const size = Math.abs(watts);
  const sign = watts < 0 ? "−" : "";
  if (size >= 10_000) return `${sign}${(size / 1_000).toFixed(1)} kW`;
  return `${sign}${size < 10 ? size.toFixed(1) : size.toFixed(0)} W`;
}

/** "battery 62 % full, gives 310 W"; null without a battery that says either. */
export function batteryText({
  storageShare,
  storageWatts,
}: Pick<EnergyNow, "storageShare" | "storageWatts">): string | null {
  const parts = [
    // Rounded down: full is said of a full one alone.
    ...(storageShare === null
      ? []
      : [`${Math.floor(Math.round(storageShare * 10_000) / 100)} % full`]),
    ...(storageWatts === null ? [] : [`gives ${wattsText(storageWatts)}`]),
  ];
  return parts.length === 0 ? null : `battery ${parts.join(", ")}`;
}

/** "0.0042 J", "1.20 J", "310 J", "236 kJ". */
export function joulesText(joules: number | null): string {
  if (joules === null) return UNKNOWN;
  if (joules >= 10_000) return `${threeDigits(joules / 1_000)} kJ`;
  return `${joules < 1 ? joules.toPrecision(2) : threeDigits(joules)} J`;
}

/**
 * "0.12 EUR"; small amounts keep two digits that are not zero.
 * @param beside  an amount that it differs by, whose digits are shown as well
 */
export function moneyText(
  micros: number | null,
  currency: string | null,
  beside: number | null = null,
): string {
  if (micros === null || currency === null) return UNKNOWN;
  const value = micros / 1e6;
  const digits = Math.max(moneyDigits(micros), moneyDigits(beside ?? 0));
  return `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)} ${currency}`;
}

function moneyDigits(micros: number): number {
  const size = Math.abs(micros / 1e6);
  return size === 0 || size >= 0.1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(size)));
}

/** "412 g", "1.3 kg" of CO2 equivalent. */
export function gramsText(grams: number | null): string {
  if (grams === null) return UNKNOWN;
  return grams < 1_000 ? `${threeDigits(grams)} g` : `${threeDigits(grams / 1_000)} kg`;
}

/**
 * The one sentence that may be said of a match: "62 % of metered kWh matched hourly (tier B)".
 * Rounded down, so that it never claims more than there is; null where nothing was measured.
 */
export function matchText({ hourlyMatch, tier }: EnergyTotals): string | null {
  if (hourlyMatch === null || tier === null) return null;
  const kind = tier === "D" ? "modelled" : tier === "E" ? "declared" : "metered";
  return `${Math.floor(hourlyMatch * 100)} % of ${kind} kWh matched hourly (tier ${tier})`;
}

/** How much of the time was seen. */
export function coverageText({ coverage }: EnergyTotals): string {
  if (coverage >= 0.9995) return "no gaps";
  return coverage === 0 ? "nothing measured" : `${formatPercent(coverage)} of the time measured`;
}

/** What the figure contains. */
export function boundaryText(boundary: EnergyHours["boundary"]): string {
  const words = {
    accelerators: "the devices alone",
    "host-dc": "the machine, before its power supply",
    wall: "all behind the plug",
    "site-meter": "the whole site",
  } as const;
  return boundary === null ? "nothing is measured" : words[boundary];
}

/** What a chart shows, for those who do not see it. */
export function hoursSummary({ rows, totals }: EnergyHours): string {
  const measured = rows.filter(({ loadMillijoules }) => loadMillijoules !== null).length;
  if (measured === 0) return "Load against supply: nothing measured in this time.";
  const load = energyText(totals.loadMillijoules);
  const own = totals.ownMillijoules === null ? "" : `, own ${energyText(totals.ownMillijoules)}`;
  return `Load against supply: ${load} used${own}; ${measured} of ${rows.length} rows measured.`;
}

/** A tenth of a Wh. */
const SHOWN_AS_JOULES = 360_000;

/** What the unit behind a reward took: "Its training took 12.4 Wh (B metered), at a cost of …". */
export function rewardEnergyText({
  millijoules,
  tier,
  coverage,
  costMicros,
  currency,
}: RewardEnergy): string {
  if (millijoules === null || tier === null) return "What its training took was not metered here.";
  const part = coverage < 0.9995 ? `, ${formatPercent(coverage, 0)} of its time` : "";
  const cost =
    costMicros === null || currency === null
      ? "; no tariff says what that cost"
      : `, at a cost of ${moneyText(costMicros, currency)}`;
  // A short unit takes less than the least digit of a Wh.
  const isSmall = millijoules < SHOWN_AS_JOULES;
  const took = isSmall ? joulesText(millijoules / 1_000) : energyText(millijoules);
  return `Its training took ${took} (${tierText(tier)}${part})${cost}.`;
}

/** The profit of a reward without and with its energy; where it is not reckoned, why. */
export function rewardProfitText(
  { profitMicros, profitAfterEnergyMicros, costMicros, currency }: RewardEnergy,
  valueNote: string,
): string {
  const note = valueNote === "" ? "" : ` (${valueNote})`;
  if (profitMicros === null || currency === null) {
    return `Profit is not reckoned: no worth of a VIV is set${note}.`;
  }
  const money = (micros: number): string => moneyText(micros, currency, costMicros);
  const without = `Profit at the worth you set: ${money(profitMicros)} without energy`;
  const withIt =
    profitAfterEnergyMicros === null
      ? "with it not known"
      : `${money(profitAfterEnergyMicros)} with it`;
  return `${without}, ${withIt}${note}.`;
}
