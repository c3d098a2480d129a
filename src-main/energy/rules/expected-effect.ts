/**
 * Decides what a rule for the best hours is expected to change against working at once: energy
 * moved to other hours, its cost and its grams, all "about". Nothing is said to be avoided: the
 * grid's power stations do not stop for it.
 */

import { forecastAt, hourMeans } from "./best-hours.ts";
import type { HoursPlan } from "./best-hours.ts";
import type { ForecastPoint, SignalsNow } from "./signals.ts";

const HOUR_MS = 3_600_000;

/** The expected change; null where the forecast or the power is not known. */
export interface ExpectedEffect {
  /** Hours that are still to come or run. */
  readonly hours: number;
  /** Energy that is used in other hours than without the rule. */
  readonly movedKwh: number | null;
  /** In the owner's currency; below 0 is less. */
  readonly cost: number | null;
  readonly grams: number | null;
}

/** What the hours of a plan change against the same number of hours from now on. */
export function expectedEffect(
  plan: HoursPlan,
  signals: SignalsNow,
  nowMs: number,
): ExpectedEffect {
  const chosen = [...plan.taken.filter((startMs) => startMs + HOUR_MS > nowMs), ...plan.ahead];
  const first = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const atOnce = chosen.map((_, index) => first + index * HOUR_MS);
  const { workWatts } = signals;
  const moved = chosen.filter((startMs) => !atOnce.includes(startMs)).length;
  const change = (points: readonly ForecastPoint[]) => {
    if (workWatts === null) return null;
    const values = new Map(
      hourMeans(points, nowMs, plan.endMs + 24 * HOUR_MS).map((one) => [one.startMs, one.value]),
    );
    let sum = 0;
    for (const [hours, sign] of [
      [chosen, 1],
      [atOnce, -1],
    ] as const) {
      for (const startMs of hours) {
        const value = values.get(startMs) ?? forecastAt(points, startMs);
        if (value === null) return null;
        sum += sign * value;
      }
    }
    return (sum * workWatts) / 1_000;
  };
  return {
    hours: chosen.length,
    movedKwh: workWatts === null ? null : (moved * workWatts) / 1_000,
    cost: change(signals.prices),
    grams: change(signals.intensities),
  };
}

/** The effect in words: "about 1.2 kWh in other hours, about 0.14 EUR less". */
export function effectWords(effect: ExpectedEffect, currency: string | null): string {
  const { hours, movedKwh, cost, grams } = effect;
  const begin = `about ${hours} h of work`;
  if (movedKwh === null) return `${begin}; what it takes was not measured yet`;
  if (movedKwh === 0) return `${begin}, at once: these are the best hours`;
  const parts = [`about ${shown(movedKwh)} kWh in other hours`];
  if (cost !== null) parts.push(difference(cost, currency ?? "of your currency"));
  if (grams !== null) parts.push(difference(grams, "g CO2e by the hour's mean"));
  return `${begin}, ${parts.join(", ")}`;
}

function difference(value: number, unit: string): string {
  return `about ${shown(Math.abs(value))} ${unit} ${value <= 0 ? "less" : "more"}`;
}

function shown(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(2);
}
