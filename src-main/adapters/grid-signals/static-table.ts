/**
 * Decides which yearly mean a zone of the grid has, from the tables that come with `@tgwf/co2`:
 * nobody is asked. They are data of others under licences of their own, kept apart from code and
 * named wherever a figure rests on them. A yearly mean is the weakest of signals.
 */

import { createRequire } from "node:module";

interface ZoneYear {
  readonly carbonIntensity: { readonly value: unknown };
  readonly carbonFreeEnergy?: { readonly value: unknown };
}

/** What is used of the tables, which come without types. */
interface Tables {
  readonly averageIntensity: { readonly data: Readonly<Record<string, unknown>> };
  readonly electricityMaps: Readonly<
    Record<string, { readonly data: Readonly<Record<string, ZoneYear>> }>
  >;
}

const require = createRequire(import.meta.url);
const { averageIntensity, electricityMaps } = require("@tgwf/co2/data") as Tables;

/** A zone's means. */
export interface StaticFactors {
  /** Milligrams of CO2 equivalent a kWh, on average over the year. */
  readonly averageMilligrams: number;
  /** Carbon-free part in millionths; null where the table has none. */
  readonly carbonFreeMillionths: number | null;
  /** Which table it is from, as `STATIC_DATASETS` names it. */
  readonly dataset: "electricity-maps" | "ember";
  /** The year it is of; null where the table does not say. */
  readonly year: number | null;
}

/** The tables, with what their licences ask to be said. */
export const STATIC_DATASETS = {
  "electricity-maps": {
    name: "Electricity Maps yearly grid intensity",
    version: "@tgwf/co2 0.19.0",
    licence: "ODbL-1.0",
    attribution:
      "Electricity Maps, https://www.electricitymaps.com, by way of The Green Web Foundation",
  },
  ember: {
    name: "Ember yearly electricity data",
    version: "@tgwf/co2 0.19.0",
    licence: "CC-BY-SA-4.0",
    attribution: "Ember, https://ember-energy.org, by way of The Green Web Foundation",
  },
} as const;

/** Two letters of ISO 3166 to three, for Ember's table; zones of a country have it in front. */
const EMBER_OF: Readonly<Record<string, string>> = {
  AR: "ARG",
  AT: "AUT",
  AU: "AUS",
  BE: "BEL",
  BR: "BRA",
  CA: "CAN",
  CH: "CHE",
  CN: "CHN",
  CZ: "CZE",
  DE: "DEU",
  DK: "DNK",
  ES: "ESP",
  FI: "FIN",
  FR: "FRA",
  GB: "GBR",
  IE: "IRL",
  IN: "IND",
  IT: "ITA",
  JP: "JPN",
  KR: "KOR",
  MX: "MEX",
  NL: "NLD",
  NO: "NOR",
  NZ: "NZL",
  PL: "POL",
  PT: "PRT",
  SE: "SWE",
  TW: "TWN",
  US: "USA",
  ZA: "ZAF",
};

/**
 * The means of a zone: the newest year of the zone itself, else the country's by Ember.
 * @param zone  "DE", "US-CAL-CISO", or Ember's own "DEU"
 * @returns null for a zone that no table has; nothing is assumed then
 */
export function staticFactors(zone: string): StaticFactors | null {
  for (const year of [2025, 2024, 2023, 2022, 2021] as const) {
    const found = ownValue(electricityMaps[`yearly${year}`].data, zone);
    if (found === undefined) continue;
    const average = milli(found.carbonIntensity.value);
    const free = found.carbonFreeEnergy?.value;
    if (average === null) continue;
    return {
      averageMilligrams: average,
      carbonFreeMillionths: typeof free === "number" ? Math.round(free * 10_000) : null,
      dataset: "electricity-maps",
      year,
    };
  }
  const country = ownValue(EMBER_OF, zone.slice(0, 2)) ?? "";
  const { data } = averageIntensity;
  const ember = milli(ownValue(data, zone) ?? ownValue(data, country));
  if (ember === null) return null;
  return { averageMilligrams: ember, carbonFreeMillionths: null, dataset: "ember", year: null };
}

/** A name of the settings may be one that every object has. */
function ownValue<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function milli(grams: unknown): number | null {
  const value = typeof grams === "string" ? Number(grams) : grams;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return null;
  return Math.round(value * 1_000);
}
