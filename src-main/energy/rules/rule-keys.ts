/** Decides which keys a rule of the settings may have, what each may be, and what it means. */

import { HOLD_MAX_SECONDS, HOLD_MIN_SECONDS, RULE_NAME_MAX } from "./limits.ts";
import type { Condition, ThresholdSignal } from "./rule.ts";

/** A key of `[[rules]]`. */
export interface RuleKey {
  readonly name: string;
  /** What is allowed, in words. */
  readonly allowed: string;
  readonly allows: (value: unknown) => boolean;
  readonly about: string;
}

/** Names of days, Monday first. */
export const WEEKDAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** What each figure may be, and how far from its threshold it ends where no end is named. */
interface Figure {
  readonly signal: ThresholdSignal;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly band: (enter: number) => number;
}

const share = (part: number) => (enter: number) => Math.abs(enter) * part;

const FIGURES: Readonly<Record<string, Figure>> = {
  surplus: { signal: "surplus", unit: "watts", least: -1e9, most: 1e9, band: share(0.1) },
  price: { signal: "price", unit: "currency per kWh", least: -1e6, most: 1e6, band: share(0.05) },
  intensity: { signal: "intensity", unit: "g/kWh", least: 0, most: 5_000, band: share(0.05) },
  storage: {
    signal: "storage",
    unit: "share of a full battery",
    least: 0,
    most: 1,
    band: () => 0.05,
  },
  celsius: { signal: "celsius", unit: "°C", least: 0, most: 90, band: () => 5 },
  fan: { signal: "fan", unit: "share of full speed", least: 0, most: 1, band: () => 0.1 },
  watts: { signal: "watts", unit: "watts", least: 0, most: 1e9, band: share(0.05) },
};

const THRESHOLD = /^(surplus|price|intensity|storage|celsius|fan|watts)_(above|below)$/;

/** The condition of a key such as `price_above`; null where key or value is none. */
export function readThreshold(key: string, value: unknown): Condition | null {
  const [, name, side] = THRESHOLD.exec(key) ?? [];
  if (name === undefined || side === undefined) return null;
  const { signal, least, most, band } = FIGURES[name];
  const isAbove = side === "above";
  const given: unknown[] = Array.isArray(value) ? value : [value];
  if (given.length < 1 || given.length > 2) return null;
  const fits = (one: unknown): one is number =>
    typeof one === "number" && Number.isFinite(one) && one >= least && one <= most;
  const [enter] = given;
  if (!fits(enter)) return null;
  const leave = given.length === 2 ? given[1] : enter + (isAbove ? -band(enter) : band(enter));
  // A named end lies on the other side of the begin, or the two are one; else it would flap.
  const isNamed = given.length === 2;
  if (typeof leave !== "number" || (isNamed && !fits(leave))) return null;
  if (isAbove ? leave > enter : leave < enter) return null;
  return { kind: "threshold", signal, side: isAbove ? "above" : "below", enter, leave };
}

const SPAN = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/** Spans of the day from "22:00-06:00", or a list of those; null for anything else. */
export function readHours(value: unknown): (readonly [number, number])[] | null {
  const given: unknown[] = Array.isArray(value) ? value : [value];
  if (given.length === 0 || given.length > 8) return null;
  const spans = given.map((one) => {
    const parts = typeof one === "string" ? SPAN.exec(one)?.slice(1).map(Number) : undefined;
    if (parts === undefined) return null;
    return [parts[0] * 60 + parts[1], parts[2] * 60 + parts[3]] as const;
  });
  return spans.every((span) => span !== null) ? spans : null;
}

const isOneOf = (names: readonly string[]) => (value: unknown) =>
  typeof value === "string" && names.includes(value);

const isBetween = (least: number, most: number) => (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

const isFlag = (value: unknown) => typeof value === "boolean";

const isText = (most: number) => (value: unknown) =>
  typeof value === "string" && value.length > 0 && value.length <= most && !/[\n\r\0]/.test(value);

const thresholdKeys: RuleKey[] = Object.entries(FIGURES).flatMap(([name, { unit, least, most }]) =>
  ["above", "below"].map((side) => ({
    name: `${name}_${side}`,
    allowed:
      `a number (${unit}, ${least} to ${most}), or two: where it begins and where it ends, ` +
      `the end ${side === "above" ? "not above" : "not below"} the begin`,
    allows: (value: unknown) => readThreshold(`${name}_${side}`, value) !== null,
    about: `${unit}; one number, or [begin, end]`,
  })),
);

const HOURS_ALLOWED = 'a span such as "22:00-06:00", or a list of up to 8 of them';

/** Every key. */
export const RULE_KEYS: readonly RuleKey[] = [
  {
    name: "name",
    allowed: `1 to ${RULE_NAME_MAX} characters`,
    allows: isText(RULE_NAME_MAX),
    about: "what the state sentence calls it",
  },
  {
    name: "then",
    allowed: '"pause", "run" or "cap"',
    allows: isOneOf(["pause", "run", "cap"]),
    about: "what is done while all conditions hold",
  },
  {
    name: "otherwise",
    allowed: '"pause" or "run"',
    allows: isOneOf(["pause", "run"]),
    about: "what is done while they do not; without it the rules below decide",
  },
  {
    name: "cap_watts",
    allowed: "watts from 1 to 100000",
    allows: isBetween(1, 100_000),
    about: 'watts of a device at most, with then = "cap"',
  },
  ...thresholdKeys,
  {
    name: "hours",
    allowed: HOURS_ALLOWED,
    allows: (v) => readHours(v) !== null,
    about: "of the day",
  },
  {
    name: "weekdays",
    allowed: `a list of ${WEEKDAYS.map((day) => `"${day}"`).join(", ")}`,
    allows: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every(isOneOf(WEEKDAYS)) &&
      value.length < 8,
    about: "days of the week",
  },
  { name: "on_battery", allowed: "true or false", allows: isFlag, about: "no mains power" },
  { name: "user_active", allowed: "true or false", allows: isFlag, about: "somebody uses it" },
  {
    name: "cheapest_hours",
    allowed: "a whole number of hours from 1 to 23",
    allows: isBetween(1, 23),
    about: "that many cheapest hours before the time of `before`",
  },
  {
    name: "cleanest_hours",
    allowed: "a whole number of hours from 1 to 23",
    allows: isBetween(1, 23),
    about: "that many hours of least carbon intensity before the time of `before`",
  },
  {
    name: "before",
    allowed: 'a time such as "07:00"',
    allows: (value) => typeof value === "string" && readHours(`${value}-00:00`) !== null,
    about: "time of day by which the hours are over",
  },
  {
    name: "device",
    allowed: "the id of a device (`vivian devices`)",
    allows: isText(64),
    about: "whose temperature, fan and watts count; without it any device in use",
  },
  {
    name: "hold_s",
    allowed: `a whole number of seconds from ${HOLD_MIN_SECONDS} to ${HOLD_MAX_SECONDS}`,
    allows: isBetween(HOLD_MIN_SECONDS, HOLD_MAX_SECONDS),
    about: "least time for which what it began is kept",
  },
  {
    name: "if_missing",
    allowed: '"pause" or "ignore"',
    allows: isOneOf(["pause", "ignore"]),
    about: 'without its signal: "pause" leads to less work, "ignore" passes the rule over',
  },
];
