/** Decides how tests of rules have time and signals: a UTC day, all signals unknown at first. */

import { parseRules } from "../../src-main/energy/rules/index.ts";
import type { Rule, RuleTimes, SignalsNow } from "../../src-main/energy/rules/index.ts";
import { NO_SIGNALS } from "../../src-main/energy/rules/index.ts";

const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** A Monday, 00:00 UTC. */
export const MONDAY = Date.UTC(2026, 10, 23);

/** Times at so many hours after that midnight; the owner lives in UTC. */
export function timesAt(hours: number, runMs = hours * HOUR_MS): RuleTimes {
  return { nowMs: MONDAY + hours * HOUR_MS, runMs, localTime: utcTime };
}

/** The owner's clock where the owner lives in UTC. */
export function utcTime(ms: number) {
  const days = Math.floor(ms / (24 * HOUR_MS));
  return {
    minutes: Math.floor((ms - days * 24 * HOUR_MS) / MINUTE_MS),
    // 1970-01-01 was a Thursday.
    weekday: (days + 3) % 7,
  };
}

/** Signals that are unknown but for these. */
export const signalsWith = (known: Partial<SignalsNow>): SignalsNow => ({
  ...NO_SIGNALS,
  ...known,
});

/** One value an hour from that midnight on. */
export const hourly = (values: readonly number[], from = 0) =>
  values.map((value, hour) => {
    const startMs = MONDAY + (from + hour) * HOUR_MS;
    return { startMs, endMs: startMs + HOUR_MS, value };
  });

/** Rules as the settings would have them; throws where they are refused. */
export function rulesOf(...tables: readonly object[]): readonly Rule[] {
  const rules = parseRules(tables);
  if (!rules.ok) throw new Error(JSON.stringify(rules.rejection));
  return rules.value;
}
