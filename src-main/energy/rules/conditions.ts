/**
 * Decides whether a condition holds: true, false, or null where its signal is missing. A threshold
 * has a begin and an end, and between the two it stays as it was.
 */

import { planHours } from "./best-hours.ts";
import type { HoursPlan } from "./best-hours.ts";
import type { Condition, Rule, ThresholdSignal } from "./rule.ts";
import { clockWords } from "./signals.ts";
import type { RuleTimes, SignalsNow } from "./signals.ts";
import { WEEKDAYS } from "./rule-keys.ts";

/** What is remembered of a condition. */
export interface ConditionState {
  /** Whether a threshold was passed. */
  readonly on: boolean;
  readonly plan: HoursPlan | null;
}

/** A condition at a moment. */
export interface JudgedCondition {
  readonly holds: boolean | null;
  /** "price 0.31 > 0.20 EUR/kWh"; why it does or does not hold. */
  readonly words: string;
  readonly state: ConditionState;
}

/** Nothing is remembered. */
export const FRESH_CONDITION: ConditionState = { on: false, plan: null };

/** Judges one condition of a rule. */
export function judgeCondition(
  rule: Rule,
  condition: Condition,
  state: ConditionState,
  signals: SignalsNow,
  times: RuleTimes,
): JudgedCondition {
  switch (condition.kind) {
    case "threshold":
      return judgeThreshold(rule, condition, state, signals);
    case "hours": {
      const { minutes } = times.localTime(times.nowMs);
      const holds = condition.spans.some(([from, to]) =>
        from <= to ? minutes >= from && minutes < to : minutes >= from || minutes < to,
      );
      const spans = condition.spans.map(([from, to]) => `${clockWords(from)}-${clockWords(to)}`);
      const words = `${clockWords(minutes)} is ${holds ? "" : "not "}in ${spans.join(", ")}`;
      return { holds, words, state };
    }
    case "weekdays": {
      const { weekday } = times.localTime(times.nowMs);
      const holds = condition.days.includes(weekday);
      const days = condition.days.map((day) => WEEKDAYS[day]).join(", ");
      return { holds, words: `${WEEKDAYS[weekday]} is ${holds ? "" : "not "}in ${days}`, state };
    }
    case "battery":
      return judgeFlag(signals.onBattery, condition.is, state, {
        yes: "on battery",
        no: "on mains power",
        missing: "whether it runs on battery is not known here",
      });
    case "user":
      return judgeFlag(signals.userActive, condition.is, state, {
        yes: "somebody uses the machine",
        no: "nobody uses the machine",
        missing: "whether somebody uses the machine is not known here",
      });
    case "best-hours":
      return judgeHours(condition, state, signals, times);
  }
}

function judgeThreshold(
  rule: Rule,
  condition: Extract<Condition, { kind: "threshold" }>,
  state: ConditionState,
  signals: SignalsNow,
): JudgedCondition {
  const { signal, side, enter, leave } = condition;
  const value = signalValue(signal, rule, signals);
  const name = SIGNAL_WORDS[signal];
  if (value === null) {
    return { holds: null, words: `the ${name} is not known now`, state };
  }
  const isAbove = side === "above";
  const begins = isAbove ? value > enter : value < enter;
  const stays = isAbove ? value > leave : value < leave;
  const on = begins || (state.on && stays);
  const unit = unitOf(signal, signals);
  const sign = value === enter ? "=" : value > enter ? ">" : "<";
  // Between begin and end: what must be reached is said, not what was.
  const until = on && !begins ? `, ends at ${figure(leave)}` : "";
  const words = `${name} ${figure(value)} ${sign} ${figure(enter)}${unit}${until}`;
  return { holds: on, words, state: { ...state, on } };
}

function judgeFlag(
  value: boolean | null,
  wanted: boolean,
  state: ConditionState,
  words: { readonly yes: string; readonly no: string; readonly missing: string },
): JudgedCondition {
  if (value === null) return { holds: null, words: words.missing, state };
  return { holds: value === wanted, words: value ? words.yes : words.no, state };
}

function judgeHours(
  condition: Extract<Condition, { kind: "best-hours" }>,
  state: ConditionState,
  signals: SignalsNow,
  times: RuleTimes,
): JudgedCondition {
  const isPrice = condition.signal === "price";
  const points = isPrice ? signals.prices : signals.intensities;
  const { plan, isIn } = planHours(condition, state.plan, points, times);
  const kind = isPrice ? "cheapest" : "cleanest";
  const asked = `the ${condition.hours} ${kind} hours before ${clockWords(condition.before)}`;
  if (plan === null) {
    const what = isPrice ? "prices" : "carbon intensity";
    return { holds: null, words: `no forecast of ${what} covers this hour`, state };
  }
  const next = plan.ahead[0];
  const from =
    isIn || next === undefined ? "" : `, next from ${clockWords(times.localTime(next).minutes)}`;
  const words = `${isIn ? "in" : "not in"} ${asked}${from}`;
  return { holds: isIn, words, state: { ...state, plan } };
}

const SIGNAL_WORDS: Readonly<Record<ThresholdSignal, string>> = {
  surplus: "surplus",
  price: "price",
  intensity: "carbon intensity",
  storage: "charge of the battery",
  celsius: "temperature",
  fan: "fan",
  watts: "power",
};

function unitOf(signal: ThresholdSignal, { currency }: SignalsNow): string {
  switch (signal) {
    case "price":
      return ` ${currency ?? "per"}${currency === null ? " kWh" : "/kWh"}`;
    case "intensity":
      return " g/kWh";
    case "celsius":
      return " °C";
    case "fan":
    case "storage":
      return "";
    default:
      return " W";
  }
}

/** The hottest, loudest or hungriest of the devices that count; null where none tells it. */
function signalValue(signal: ThresholdSignal, rule: Rule, signals: SignalsNow): number | null {
  if (signal === "surplus") return signals.surplusWatts;
  if (signal === "price") return signals.price;
  if (signal === "intensity") return signals.intensity;
  if (signal === "storage") return signals.storageShare;
  if (signal === "watts" && rule.device === null) return signals.watts;
  const values = signals.devices
    .filter(({ id }) => rule.device === null || id === rule.device)
    .map((device) => device[signal])
    .filter((value) => value !== null);
  return values.length === 0 ? null : Math.max(...values);
}

/** At most two decimals for small figures, none for large ones. */
function figure(value: number): string {
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Math.round(value * 100) / 100);
}
