/**
 * Decides which settings energy has (`[energy]`), and what they mean together: where the machine
 * is, what a kWh costs, whose claim the own plant's energy is, and who is asked about the grid.
 */

import { isAbsolute } from "node:path";

import type { Attributes, Tariff } from "../../energy/index.ts";
import { millionths, pricesOfWeek } from "./energy-prices.ts";
import type { ConfigKey, ConfigValue } from "./config-key.ts";

/** Who is asked for the grid's average intensity. */
export const INTENSITY_SOURCES = [
  "none",
  "static-table",
  "electricitymaps",
  "uk-carbon-intensity",
] as const;

/** Settings of energy. */
export interface EnergySettings {
  /** Whether energy is counted at all. */
  readonly count: boolean;
  /** Watts of the processor at full load for the model of last resort; 0: by its threads. */
  readonly processorWatts: number;
  readonly zone: string;
  /** Latitude and longitude in degrees; null where the owner does not say. */
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
  readonly attributes: Attributes;
  readonly tariff: Tariff;
  /** What its owner reckons one VIV to be worth, in 10^-6 of the currency; null: nobody says. */
  readonly microsPerViv: number | null;
  /** Where a price signal comes from; empty without one. */
  readonly priceUrl: string;
  readonly intensity: (typeof INTENSITY_SOURCES)[number];
  readonly intensityKeyFile: string;
  /** Milligrams a kWh of what certificates leave over; null where nobody says. */
  readonly residualMilligrams: number | null;
  /** WattTime's region for marginal intensity; empty: it is not asked. */
  readonly marginalRegion: string;
  readonly marginalKeyFile: string;
}

const PATH_MAX = 4_095;
const isText = (value: unknown, pattern: RegExp) =>
  typeof value === "string" && pattern.test(value);
const isDecimalOrNone = (value: unknown) =>
  value === "" || (typeof value === "string" && millionths(value) !== null);
const isPathOrNone = (value: unknown) =>
  typeof value === "string" && (value === "" || (isAbsolute(value) && value.length <= PATH_MAX));

const ZONE = /^(?:[A-Za-z0-9][A-Za-z0-9_.-]{0,63})?$/;
const LOCATION = /^(?:-?[0-9]{1,2}(?:\.[0-9]{1,6})?, ?-?[0-9]{1,3}(?:\.[0-9]{1,6})?)?$/;

/** Every key of `[energy]`, in the order of the generated file. */
export const ENERGY_KEYS: readonly ConfigKey[] = [
  {
    table: "energy",
    name: "count",
    standard: true,
    allowed: "true or false",
    allows: (value) => typeof value === "boolean",
    about: ["Whether energy is counted: by the meters found here and those under [[meters]]."],
  },
  {
    table: "energy",
    name: "processor_watts",
    standard: 0,
    allowed: "a whole number from 0 to 2000",
    allows: (value) => Number.isInteger(value) && (value as number) >= 0 && Number(value) <= 2_000,
    about: [
      "Watts of the processor at full load, where no meter counts it, so that its use is a",
      "model (tier D, ±50 %). 0: taken from the number of its threads.",
    ],
  },
  {
    table: "energy",
    name: "zone",
    standard: "",
    allowed: 'a zone of the grid such as "DE", "FR" or "US-CAL-CISO", or ""',
    allows: (value) => isText(value, ZONE),
    about: ['The grid this machine takes its power from. "": not said, and no factor is assumed.'],
  },
  {
    table: "energy",
    name: "location",
    standard: "",
    allowed: 'latitude and longitude in degrees, such as "52.5, 13.4", or ""',
    allows: (value) => isText(value, LOCATION) && (value === "" || placeOf(String(value)) !== null),
    about: ["Where the own solar plant is, to check its figures against the sun. Stays here."],
  },
  {
    table: "energy",
    name: "attributes",
    standard: "none",
    allowed: '"retained", "sold", "unknown" or "none"',
    allows: (value) => ["retained", "sold", "unknown", "none"].includes(String(value)),
    about: [
      "Whose claim the energy of the own plant is. retained: no certificate for it was sold or",
      "given away. Only retained energy is matched; sold and unknown count as nothing.",
    ],
  },
  {
    table: "energy",
    name: "currency",
    standard: "",
    allowed: 'three capital letters such as "EUR", or ""',
    allows: (value) => isText(value, /^(?:[A-Z]{3})?$/),
    about: ['Currency of the prices below. "": none of them counts.'],
  },
  {
    table: "energy",
    name: "price",
    standard: "",
    allowed: 'a price a kWh with at most six decimals such as "0.32", or ""',
    allows: isDecimalOrNone,
    about: ['What a kWh costs. "": not said, and costs are not shown.'],
  },
  {
    table: "energy",
    name: "price_hours",
    standard: "",
    allowed: 'rules such as "mo-fr 07-22 0.34; sa-su 0.28", or ""',
    allows: (value) =>
      value === "" || (typeof value === "string" && pricesOfWeek(value, 0) !== null),
    about: [
      "Prices by the hour of the week, of this machine's clock. Later rules stand above earlier",
      "ones; other hours cost `price`, or nobody knows.",
    ],
  },
  {
    table: "energy",
    name: "viv_value",
    standard: "",
    allowed: 'an amount for one VIV with at most six decimals such as "0.05", or ""',
    allows: isDecimalOrNone,
    about: [
      "What you reckon one VIV to be worth in that currency: units then show a profit, without",
      "and with the cost of energy. On practice rewards have no value, and the figure says so.",
    ],
  },
  {
    table: "energy",
    name: "price_url",
    standard: "",
    allowed: 'an address beginning with https:// or http://, or ""',
    allows: (value) => value === "" || isText(value, /^https?:\/\/[^\s@]{1,500}$/),
    about: [
      "A price signal: JSON with data[] of start_timestamp, end_timestamp (ms since 1970) and",
      'marketprice (currency a MWh, unit "Eur/MWh"), as https://api.awattar.de/v1/marketdata gives',
      "it. Asked once an hour. It stands above price and price_hours.",
    ],
  },
  {
    table: "energy",
    name: "price_factor",
    standard: "",
    allowed: 'a factor with at most six decimals such as "1.19", or ""',
    allows: isDecimalOrNone,
    about: ["What the signal's price is multiplied with, such as value-added tax."],
  },
  {
    table: "energy",
    name: "price_added",
    standard: "",
    allowed: 'a price a kWh with at most six decimals such as "0.155", or ""',
    allows: isDecimalOrNone,
    about: ["What is added to each of the signal's prices: grid fees and taxes a kWh."],
  },
  {
    table: "energy",
    name: "intensity",
    standard: "static-table",
    allowed: INTENSITY_SOURCES.map((name) => `"${name}"`).join(", "),
    allows: (value) => (INTENSITY_SOURCES as readonly unknown[]).includes(value),
    about: [
      "Who says how much carbon a kWh of the zone's grid stands for, on average. static-table: the",
      "yearly means that come with the program, without asking anyone. electricitymaps: needs a",
      'key. uk-carbon-intensity: zone "GB" or "GB-1" to "GB-17" (its regions), without a key.',
    ],
  },
  {
    table: "energy",
    name: "intensity_key_file",
    standard: "",
    allowed: 'an absolute path, or ""',
    allows: isPathOrNone,
    about: ["File with the key of electricitymaps."],
  },
  {
    table: "energy",
    name: "residual",
    standard: "",
    allowed: 'grams of CO2 a kWh with at most three decimals such as "631.4", or ""',
    allows: (value) => isText(value, /^(?:[0-9]{1,4}(?:\.[0-9]{1,3})?)?$/),
    about: [
      'The zone\'s residual mix, for the market-based total. "": not known, and that total is not',
      "shown.",
    ],
  },
  {
    table: "energy",
    name: "marginal_region",
    standard: "",
    allowed: 'a region of WattTime such as "CAISO_NORTH", or ""',
    allows: (value) => isText(value, ZONE),
    about: [
      "Region for marginal intensity, which only times work and is in no total.",
      '"": it is not asked for.',
    ],
  },
  {
    table: "energy",
    name: "marginal_key_file",
    standard: "",
    allowed: 'an absolute path, or ""',
    allows: isPathOrNone,
    about: ["File with WattTime's login as user:password."],
  },
];

/** The settings of energy from checked values by path. */
export function energyOf(value: (path: string) => ConfigValue): EnergySettings {
  const text = (name: string) => value(`energy.${name}`) as string;
  const residual = text("residual");
  return {
    count: value("energy.count") as boolean,
    processorWatts: value("energy.processor_watts") as number,
    zone: text("zone"),
    location: placeOf(text("location")),
    attributes: text("attributes") as Attributes,
    tariff: tariffOf(text),
    microsPerViv: text("currency") === "" ? null : millionths(text("viv_value")),
    priceUrl: text("price_url"),
    intensity: text("intensity") as EnergySettings["intensity"],
    intensityKeyFile: text("intensity_key_file"),
    residualMilligrams: residual === "" ? null : Math.round(Number(residual) * 1_000),
    marginalRegion: text("marginal_region"),
    marginalKeyFile: text("marginal_key_file"),
  };
}

function tariffOf(text: (name: string) => string): Tariff {
  const currency = text("currency");
  if (currency === "") return { kind: "none" };
  const price = millionths(text("price"));
  if (text("price_url") !== "") {
    return {
      kind: "signal",
      currency,
      addedMicros: millionths(text("price_added")) ?? 0,
      factorMillionths: millionths(text("price_factor")) ?? 1_000_000,
    };
  }
  if (text("price_hours") !== "") {
    const microsPerKwh = pricesOfWeek(text("price_hours"), price);
    if (microsPerKwh !== null) return { kind: "hour-of-week", currency, microsPerKwh };
  }
  return price === null ? { kind: "none" } : { kind: "flat", currency, microsPerKwh: price };
}

function placeOf(text: string): EnergySettings["location"] {
  if (text === "") return null;
  const [latitude, longitude] = text.split(",").map(Number);
  const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return isPlace ? { latitude, longitude } : null;
}
