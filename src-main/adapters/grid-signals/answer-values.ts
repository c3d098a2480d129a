/** Decides how values of an answer are read: each field checked, too many refused. */

import { answerFault } from "./ask-json.ts";
import { GRAMS_MAX, VALUES_MAX } from "./limits.ts";

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(host: string, value: unknown, name: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw answerFault(host, `${name} is no object`);
}

export function listOf(host: string, value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw answerFault(host, `${name} is no list`);
  if (value.length > VALUES_MAX) throw answerFault(host, `${name} is too long`);
  return value;
}

/** A time in ISO 8601 with its zone, as milliseconds. */
export function timeOf(host: string, value: unknown, name: string): number {
  const isTime =
    typeof value === "string" && /^\d{4}-\d\d-\d\dT.+(?:Z|[+-]\d\d:?\d\d)$/.test(value);
  const ms = isTime ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw answerFault(host, `${name} is no time`);
  return ms;
}

/** Grams a kWh as whole milligrams. */
export function milligramsOf(host: string, value: unknown, name: string): number {
  if (typeof value === "number" && value >= 0 && value <= GRAMS_MAX) {
    return Math.round(value * 1_000);
  }
  throw answerFault(host, `${name} is no intensity`);
}
