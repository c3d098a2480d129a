/**
 * Decides how a price signal is read: the shape of aWATTar's `GET /v1/marketdata`, which anyone can
 * serve: {"data":[{"start_timestamp":ms,"end_timestamp":ms,"marketprice":n,"unit":"Eur/MWh"}]}.
 * The unit names a currency of three letters and MWh or kWh; the currency must be the owner's. A
 * price of several hours is kept by the hour, as all signals are.
 */

import type { SignalRow } from "../../ports/energy-store.ts";
import { fieldsOf, listOf } from "./answer-values.ts";
import { answerFault, askJson } from "./ask-json.ts";
import { PRICE_A_MWH_MAX } from "./limits.ts";

/** Longest span of one price: a day. */
const SPAN_MAX_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Where. */
export interface PriceAsking {
  readonly url: string;
  readonly currency: string;
}

/** The prices that are known. Throws Faults of `askJson`. */
export async function askPrices({ url, currency }: PriceAsking): Promise<SignalRow[]> {
  const { host } = new URL(url);
  const answer = fieldsOf(host, await askJson(url), "the answer");
  return listOf(host, answer["data"], "data").flatMap((one) => {
    const { start_timestamp, end_timestamp, marketprice, unit } = fieldsOf(host, one, "data[]");
    const words = /^([A-Za-z]{3})\/([Mk])Wh$/.exec(typeof unit === "string" ? unit : "");
    if (words === null) throw answerFault(host, "unit is none such as Eur/MWh");
    if (words[1].toUpperCase() !== currency)
      throw answerFault(host, "prices are in another currency");
    const isSpan =
      Number.isSafeInteger(start_timestamp) &&
      Number.isSafeInteger(end_timestamp) &&
      Number(end_timestamp) > Number(start_timestamp) &&
      Number(end_timestamp) - Number(start_timestamp) <= SPAN_MAX_MS;
    if (!isSpan) throw answerFault(host, "its times are no span");
    const factor = words[2] === "M" ? 1 : 1_000;
    const price = typeof marketprice === "number" ? marketprice * factor : Number.NaN;
    if (!(Math.abs(price) <= PRICE_A_MWH_MAX)) throw answerFault(host, "marketprice is no price");
    const row: SignalRow = {
      kind: "price",
      zone: host.slice(0, 64),
      startMs: Number(start_timestamp),
      endMs: Number(end_timestamp),
      // A thousandth of the currency a kWh for one a MWh.
      value: Math.round(price * 1_000),
      source: "price-url",
      estimated: false,
      forecast: false,
    };
    return byHour(row);
  });
}

function byHour(row: SignalRow): SignalRow[] {
  const parts = Math.ceil((row.endMs - row.startMs) / HOUR_MS);
  return Array.from({ length: parts }, (_, at) => {
    const startMs = row.startMs + at * HOUR_MS;
    return { ...row, startMs, endMs: Math.min(row.endMs, startMs + HOUR_MS) };
  });
}
