/**
 * Decides what is asked of WattTime (API v3): the marginal intensity of the day to come. Marginal
 * values say when to run; they are in no total. Five-minute values are kept as means of hours.
 */

import { Fault } from "../../contract/outcome.ts";
import type { SignalRow } from "../../ports/energy-store.ts";
import { fieldsOf, listOf, timeOf } from "./answer-values.ts";
import { answerFault, askJson, readKey } from "./ask-json.ts";
import { GRAMS_MAX } from "./limits.ts";

const HOUR_MS = 3_600_000;
/** A pound a MWh in milligrams a kWh. */
const MILLIGRAMS_OF_POUND = 453.592_37;

/** Where and for whom. */
export interface WattTimeAsking {
  readonly region: string;
  /** Holds user:password. */
  readonly keyFile: string;
  readonly base?: string;
}

/** The forecast of a region. Throws Faults of `askJson`, and GRID_SIGNALS_KEY. */
export async function askWattTime(asking: WattTimeAsking): Promise<SignalRow[]> {
  const { region, keyFile, base = "https://api.watttime.org" } = asking;
  const { host } = new URL(base);
  const login = Buffer.from(readKey(keyFile), "utf8").toString("base64");
  // A token lives for half an hour and the forecast is asked for once an hour.
  const entry = await askJson(`${base}/login`, { headers: { authorization: `Basic ${login}` } });
  const token = fieldsOf(host, entry, "the login")["token"];
  if (typeof token !== "string" || !/^[\w.~+/=-]{1,4096}$/.test(token)) {
    throw answerFault(host, "the login has no token");
  }
  const query = `region=${encodeURIComponent(region)}&signal_type=co2_moer&horizon_hours=24`;
  const headers = { authorization: `Bearer ${token}` };
  const answer = fieldsOf(host, await askJson(`${base}/v3/forecast?${query}`, { headers }), "it");
  const meta = fieldsOf(host, answer["meta"], "meta");
  if (meta["units"] !== "lbs_co2_per_mwh" || meta["signal_type"] !== "co2_moer") {
    throw answerFault(host, "it is no marginal intensity in pounds a MWh");
  }
  if (meta["region"] !== region) {
    throw new Fault("GRID_SIGNALS_ZONE", `${host} answered for another region`, { host });
  }
  return hourlyMeans(host, region, listOf(host, answer["data"], "data"));
}

function hourlyMeans(host: string, zone: string, data: readonly unknown[]): SignalRow[] {
  const hours = new Map<number, { sum: number; count: number }>();
  for (const one of data) {
    const { point_time: time, value } = fieldsOf(host, one, "data[]");
    if (typeof value !== "number" || !(value >= 0) || value > GRAMS_MAX) {
      throw answerFault(host, "value is no intensity");
    }
    const startMs = Math.floor(timeOf(host, time, "point_time") / HOUR_MS) * HOUR_MS;
    const hour = hours.get(startMs) ?? { sum: 0, count: 0 };
    hours.set(startMs, { sum: hour.sum + value, count: hour.count + 1 });
  }
  return [...hours].map(([startMs, { sum, count }]) => ({
    kind: "carbon-marginal",
    zone,
    startMs,
    endMs: startMs + HOUR_MS,
    value: Math.round((sum / count) * MILLIGRAMS_OF_POUND),
    source: "watttime",
    estimated: false,
    forecast: true,
  }));
}
