/** Decides how energy reads in a terminal: kWh with their tier, bars of hours, what is missing. */

import type {
  EnergyHours,
  EnergyNow,
  EnergySources,
  EnergyTotals,
  EnergyUnits,
  RewardEnergy,
} from "../../contract/control-api/index.ts";
import { explainCode } from "../../contract/explain.ts";
import {
  exactViv,
  formatNumberOf,
  formatPercent,
  formatViv,
  shortHex,
} from "../../contract/units.ts";
import { pairs, table } from "./table.ts";

const MILLIJOULES_PER_KWH = 3_600_000_000;
const MILLIJOULES_PER_WH = 3_600_000;
/** Characters of the longest bar. */
const BAR_LENGTH = 32;

/** What a figure contains. */
export const BOUNDARY_WORDS = {
  accelerators: "devices alone",
  "host-dc": "the machine's own supply",
  wall: "everything behind the plug",
  "site-meter": "the whole site",
} as const;

/** Energy in J below one Wh, in Wh below one kWh, else in kWh; "not known" where nobody read it. */
export function energyWords(millijoules: number | null): string {
  if (millijoules === null) return "not known";
  if (millijoules < MILLIJOULES_PER_WH) return `${(millijoules / 1_000).toFixed(1)} J`;
  if (millijoules < MILLIJOULES_PER_KWH)
    return `${(millijoules / MILLIJOULES_PER_WH).toFixed(1)} Wh`;
  return `${(millijoules / MILLIJOULES_PER_KWH).toFixed(3)} kWh`;
}

/**
 * Money of the owner's currency.
 * @param beside  an amount that it differs by, whose digits are shown as well
 */
export function costWords(
  micros: number | null,
  currency: string | null,
  beside: number | null = null,
): string {
  if (micros === null || currency === null) return "not known";
  // Below a cent every digit that is known is shown.
  const isSmall = (one: number): boolean => one !== 0 && Math.abs(one) < 10_000;
  const decimals = isSmall(micros) || isSmall(beside ?? 0) ? 6 : 2;
  return `${(micros / 1_000_000).toFixed(decimals)} ${currency}`;
}

function wattWords(watts: number | null): string {
  return watts === null ? "not known" : `${watts.toFixed(1)} W`;
}

/** `energy now`. */
export function nowLines(now: EnergyNow): string[] {
  const { boundary, tier, today } = now;
  const rests =
    boundary === null || tier === null
      ? ""
      : ` (${BOUNDARY_WORDS[boundary]}, tier ${tier}${tier === "D" ? ", a model" : ""})`;
  const entries: [string, string][] = [["load now", `${wattWords(now.watts)}${rests}`]];
  for (const { device, watts, tier: own } of now.devices) {
    const name = device === "rest" ? "  the rest" : `  ${device}`;
    entries.push([name, `${wattWords(watts)}${own === null ? "" : `, tier ${own}`}`]);
  }
  for (const { source, watts, tier: own } of now.beside) {
    entries.push(["  beside it", `${wattWords(watts)} by ${source}, tier ${own}, not added`]);
  }
  if (now.generationWatts !== null) entries.push(["own plant", wattWords(now.generationWatts)]);
  if (now.storageWatts !== null) entries.push(["storage", wattWords(now.storageWatts)]);
  if (now.storageShare !== null) entries.push(["  is full", formatPercent(now.storageShare)]);
  if (now.surplusWatts !== null) entries.push(["surplus", wattWords(now.surplusWatts)]);
  entries.push(["today, UTC", energyWords(today.loadMillijoules)], ...totalEntries(today));
  const meters = now.meters.map(({ id, kind, tier: own, state, code, watts }) => [
    id,
    kind,
    own,
    state,
    code === null ? wattWords(watts) : explainCode(code).what,
  ]);
  const list = meters.length === 0 ? [] : ["", ...table(["meter", "kind", "tier", "", ""], meters)];
  return [...pairs(entries), ...list];
}

function totalEntries(totals: EnergyTotals): [string, string][] {
  const entries: [string, string][] = [["covered", formatPercent(totals.coverage)]];
  const { measuredShare, hourlyMatch, cfeScore, locationGrams, marketGrams } = totals;
  if (measuredShare !== null) entries.push(["measured", formatPercent(measuredShare)]);
  const hasOffer = totals.ownMillijoules !== null || totals.matchedMillijoules > 0;
  if (hasOffer && hourlyMatch !== null) {
    const kind = totals.tier === "D" ? "modelled" : totals.tier === "E" ? "declared" : "metered";
    const words = `${formatPercent(hourlyMatch)} of ${kind} kWh matched hourly`;
    entries.push(["matched", `${words}${totals.tier === null ? "" : ` (tier ${totals.tier})`}`]);
  }
  if (cfeScore !== null) entries.push(["carbon-free", formatPercent(cfeScore)]);
  if (locationGrams !== null)
    entries.push(["location-based", `${locationGrams.toFixed(1)} g CO2e`]);
  if (marketGrams !== null) entries.push(["market-based", `${marketGrams.toFixed(1)} g CO2e`]);
  if (totals.costMicros !== null) {
    entries.push(["cost", costWords(totals.costMicros, totals.currency)]);
  }
  return entries;
}

/** `energy hours`: a bar for each row, own energy filled, the grid's hatched. */
export function hourLines(hours: EnergyHours): string[] {
  const most = Math.max(1, ...hours.rows.map((row) => row.loadMillijoules ?? 0));
  const rows = hours.rows.map((row) => {
    const load = row.loadMillijoules;
    return [
      new Date(row.startMs).toISOString().slice(0, 16).replace("T", " "),
      load === null ? "" : energyWords(load),
      load === null ? "no reading" : bar(load, row.matchedMillijoules, most),
      load === null ? "" : formatPercent(row.coverage, 0),
      [row.quality ?? "", row.tier ?? ""].filter((word) => word !== "").join(", "),
      load === null ? "" : costWords(row.costMicros, hours.currency).replace("not known", ""),
    ];
  });
  const heading = ["UTC", "load", "█ matched  ░ not matched", "covered", "quality", "cost"];
  const { totals } = hours;
  const sums = pairs([["load", energyWords(totals.loadMillijoules)], ...totalEntries(totals)]);
  return [...table(heading, rows, [1, 3]), "", ...sums];
}

function bar(load: number, matched: number, most: number): string {
  const length = Math.max(1, Math.round((load / most) * BAR_LENGTH));
  const filled = load === 0 ? 0 : Math.floor((matched / load) * length);
  return "█".repeat(filled) + "░".repeat(length - filled);
}

/** `energy units`. */
export function unitLines({ units, totals, currency, valueNote }: EnergyUnits): string[] {
  if (units.length === 0) {
    return ["No unit is counted yet; one is listed some seconds after its training."];
  }
  const rows = units.map((unit) => [
    shortHex(unit.unit),
    unit.jobName,
    unit.outcome,
    energyWords(unit.millijoules),
    unit.joulesPerStep === null ? "" : `${unit.joulesPerStep.toFixed(3)} J`,
    unit.rewardBase === "0" ? "" : formatViv(BigInt(unit.rewardBase)),
    costWords(unit.costMicros, currency).replace("not known", ""),
    unit.tier,
    formatPercent(unit.coverage, 0),
  ]);
  const heading = ["unit", "job", "", "energy", "a step", "paid", "energy cost", "tier", "covered"];
  const step = totals.joulesPerStep;
  const sums: [string, string][] = [
    ["units", `${formatNumberOf(totals.units, "unit", "units")}, ${totals.paid} paid`],
    ["energy", energyWords(totals.millijoules)],
    ["a verified step", step === null ? "not known" : `${step.toFixed(3)} J`],
    [
      "paid",
      `${exactViv(BigInt(totals.rewardBase))} VIV${valueNote === "" ? "" : ` (${valueNote})`}`,
    ],
    ["energy cost", costWords(totals.costMicros, currency)],
    ["profit", profitWords(totals.profitMicros, currency, valueNote)],
    ["less energy", profitWords(totals.profitAfterEnergyMicros, currency, valueNote)],
  ];
  return [...table(heading, rows, [3, 4, 5, 6, 8]), "", ...pairs(sums)];
}

function profitWords(micros: number | null, currency: string | null, note: string): string {
  if (micros === null && note !== "") return "none: the rewards have no value here";
  const reckoned = note === "" ? "" : `, by your viv_value alone (${note})`;
  return `${costWords(micros, currency)}${reckoned}`;
}

/** What a reward's unit took, and the profit without and with it, on one line. */
export function rewardWords(energy: RewardEnergy): string {
  const { millijoules, tier, coverage, costMicros, currency } = energy;
  const { profitMicros, profitAfterEnergyMicros } = energy;
  // An amount without its currency says nothing.
  const isReckoned = profitMicros !== null && currency !== null;
  const profit = !isReckoned ? "" : `; profit ${costWords(profitMicros, currency, costMicros)}`;
  if (millijoules === null || tier === null) return `energy not metered here${profit}`;
  const part = coverage < 1 ? `, ${formatPercent(coverage, 0)} covered` : "";
  const cost = costMicros === null ? "" : `, cost ${costWords(costMicros, currency)}`;
  const after =
    !isReckoned || profitAfterEnergyMicros === null
      ? ""
      : `, after energy ${costWords(profitAfterEnergyMicros, currency, costMicros)}`;
  return `energy ${energyWords(millijoules)} (tier ${tier}${part})${cost}${profit}${after}`;
}

/** `energy sources`. */
export function sourceLines(sources: EnergySources): string[] {
  const rows = sources.sources.map((one) => [
    one.id,
    one.role,
    one.kind,
    one.tier,
    one.boundary,
    `±${one.uncertaintyPercent} %`,
    one.counted ? "counted" : one.state === "gone" ? "gone" : one.role === "load" ? "beside" : "",
  ]);
  const { zone, tariff, evidence, attributes } = sources;
  const price = costWords(tariff.nowMicrosPerKwh, tariff.currency);
  const entries: [string, string][] = [
    ["evidence", evidence === null ? "nothing can be matched" : `tier ${evidence}`],
    ["attributes", attributes],
    ["zone", zone ?? "not said"],
    ["tariff", tariff.kind === "none" ? "not said" : `${tariff.kind}, now ${price} a kWh`],
    ...sources.datasets.map(({ name, licence }): [string, string] => [
      "factors",
      `${name} (${licence})`,
    ]),
    ...sources.missing.map(({ what, next }): [string, string] => [`missing ${what}`, next]),
  ];
  const heading = ["source", "role", "kind", "tier", "boundary", "band", ""];
  return [...table(heading, rows), "", ...pairs(entries)];
}
