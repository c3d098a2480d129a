/**
 * Decides what is asked of Electricity Maps (API v3): the average intensity of the last day and of
 * the hours to come, and the fossil-free share, for the zone that is named; without a zone the
 * service would take the caller's address for a place. Average, flow-traced, life cycle.
 */

import { Fault } from "../../contract/outcome.ts";
import type { SignalRow } from "../../ports/energy-store.ts";
import { fieldsOf, listOf, milligramsOf, timeOf } from "./answer-values.ts";
import type { Fields } from "./answer-values.ts";
import { askJson, readKey } from "./ask-json.ts";

const HOUR_MS = 3_600_000;
const SOURCE = "electricitymaps";

/** Where and for whom. */
export interface ElectricityMapsAsking {
  readonly zone: string;
  readonly keyFile: string;
  /** Another server, in tests. */
  readonly base?: string;
}

/**
 * Values of a zone. A plan without forecasts gives the past alone.
 * Throws Faults of `askJson`, and GRID_SIGNALS_KEY.
 */
export async function askElectricityMaps(asking: ElectricityMapsAsking): Promise<SignalRow[]> {
  const { zone, keyFile, base = "https://api.electricitymaps.com" } = asking;
  const { host } = new URL(base);
  const headers = { "auth-token": readKey(keyFile) };
  const ask = async (path: string) => {
    const url = `${base}/v3/${path}?zone=${encodeURIComponent(zone)}`;
    const answer = fieldsOf(host, await askJson(url, { headers }), "the answer");
    // A service that took the caller's address for a place would answer for another grid.
    if (answer["zone"] === zone) return answer;
    throw new Fault("GRID_SIGNALS_ZONE", `${host} answered for another zone`, { host });
  };
  const history = await ask("carbon-intensity/history");
  const rows = listOf(host, history["history"], "history").flatMap((one) => {
    return averageRow(host, zone, fieldsOf(host, one, "history[]"), false);
  });
  const forecast = await orRefused(() => ask("carbon-intensity/forecast"));
  if (forecast !== null) {
    const list = listOf(host, forecast["forecast"], "forecast");
    rows.push(...list.flatMap((one) => averageRow(host, zone, fieldsOf(host, one, "[]"), true)));
  }
  const breakdown = await orRefused(() => ask("power-breakdown/history"));
  if (breakdown !== null) {
    const list = listOf(host, breakdown["history"], "history");
    rows.push(...list.flatMap((one) => freeRow(host, zone, fieldsOf(host, one, "history[]"))));
  }
  return rows;
}

/** null where the plan of the key does not hold it. */
async function orRefused(ask: () => Promise<Fields>): Promise<Fields | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Fault && error.code === "GRID_SIGNALS_REFUSED") return null;
    throw error;
  }
}

function averageRow(host: string, zone: string, one: Fields, forecast: boolean): SignalRow[] {
  // An hour without a value has none: null is not 0.
  if (one["carbonIntensity"] === null || one["carbonIntensity"] === undefined) return [];
  const startMs = timeOf(host, one["datetime"], "datetime");
  return [
    {
      kind: "carbon-average",
      zone,
      startMs,
      endMs: startMs + HOUR_MS,
      value: milligramsOf(host, one["carbonIntensity"], "carbonIntensity"),
      source: SOURCE,
      estimated: one["isEstimated"] === true,
      forecast,
    },
  ];
}

function freeRow(host: string, zone: string, one: Fields): SignalRow[] {
  const percent = one["fossilFreePercentage"];
  if (typeof percent !== "number" || percent < 0 || percent > 100) return [];
  const startMs = timeOf(host, one["datetime"], "datetime");
  return [
    {
      kind: "carbon-free-share",
      zone,
      startMs,
      endMs: startMs + HOUR_MS,
      value: Math.round(percent * 10_000),
      source: SOURCE,
      estimated: one["isEstimated"] === true,
      forecast: false,
    },
  ];
}
