/**
 * Decides what is asked of Great Britain's Carbon Intensity API (CC BY 4.0, no key): half hours
 * from a day ago to a day ahead, of the nation, or of one of its regions, which have no settled
 * values and say what generates.
 */

import type { SignalRow } from "../../ports/energy-store.ts";
import { fieldsOf, listOf, milligramsOf, timeOf } from "./answer-values.ts";
import type { Fields } from "./answer-values.ts";
import { askJson } from "./ask-json.ts";

const DAY_MS = 86_400_000;
const SOURCE = "uk-carbon-intensity";
/** What counts as free of carbon where it is made; biomass does not. */
const FREE: readonly unknown[] = ["nuclear", "hydro", "solar", "wind"];

/** What its licence asks to be said. */
export const UK_DATASET = {
  name: "Carbon Intensity API, National Energy System Operator",
  version: "v2",
  licence: "CC-BY-4.0",
  attribution: "National Energy System Operator, https://carbonintensity.org.uk",
} as const;

/** Where. */
export interface UkAsking {
  /** "GB", or "GB-1" to "GB-17" for a region. */
  readonly zone: string;
  readonly nowMs: number;
  readonly base?: string;
}

/** Values of two days around now. Throws Faults of `askJson`. */
export async function askUkCarbonIntensity(asking: UkAsking): Promise<SignalRow[]> {
  const { zone, nowMs, base = "https://api.carbonintensity.org.uk" } = asking;
  const { host } = new URL(base);
  const from = `${new Date(nowMs - DAY_MS).toISOString().slice(0, 16)}Z`;
  const region = /^GB-(\d{1,2})$/.exec(zone)?.[1];
  const path =
    region === undefined
      ? `intensity/${from}/fw48h`
      : `regional/intensity/${from}/fw48h/regionid/${region}`;
  const answer = fieldsOf(host, await askJson(`${base}/${path}`), "the answer");
  const data =
    region === undefined ? answer["data"] : fieldsOf(host, answer["data"], "data")["data"];
  return listOf(host, data, "data").flatMap((one) => {
    return halfHour(host, zone, fieldsOf(host, one, "data[]"), nowMs);
  });
}

function halfHour(host: string, zone: string, one: Fields, nowMs: number): SignalRow[] {
  const intensity = fieldsOf(host, one["intensity"], "intensity");
  const startMs = timeOf(host, one["from"], "from");
  const endMs = timeOf(host, one["to"], "to");
  const actual = intensity["actual"] ?? null;
  const value = actual ?? intensity["forecast"] ?? null;
  if (value === null) return [];
  const row: SignalRow = {
    kind: "carbon-average",
    zone,
    startMs,
    endMs,
    value: milligramsOf(host, value, "intensity"),
    source: SOURCE,
    estimated: actual === null,
    forecast: actual === null && endMs > nowMs,
  };
  return [row, ...freeShare(host, row, one["generationmix"])];
}

function freeShare(host: string, row: SignalRow, mix: unknown): SignalRow[] {
  if (mix === undefined || mix === null) return [];
  let share = 0;
  for (const one of listOf(host, mix, "generationmix")) {
    const { fuel, perc } = fieldsOf(host, one, "generationmix[]");
    if (FREE.includes(fuel) && typeof perc === "number") share += perc;
  }
  const value = Math.min(1_000_000, Math.max(0, Math.round(share * 10_000)));
  return [{ ...row, kind: "carbon-free-share", value }];
}
