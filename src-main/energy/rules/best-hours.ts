/**
 * Decides in which hours a rule runs that asks for the best N before a time of day. The window goes
 * from one such time to the next. Hours that were taken stay taken; of those to come the best are
 * chosen anew with each newer forecast, so that N is reached and the hour that runs is never cut.
 */

import type { ForecastPoint, RuleTimes } from "./signals.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MINUTES = 1_440;

/** What is asked for. */
export interface BestHours {
  readonly hours: number;
  /** Minutes of the day at which they are over. */
  readonly before: number;
}

/** What was chosen. */
export interface HoursPlan {
  /** End of the window. */
  readonly endMs: number;
  /** Hours that were taken and the one that runs, by their begin. */
  readonly taken: readonly number[];
  /** Hours chosen of those to come, by their begin. */
  readonly ahead: readonly number[];
}

/** What `planHours` answers: no plan where no forecast covers this moment. */
export interface PlannedHours {
  readonly plan: HoursPlan | null;
  /** Whether this moment is in a chosen hour. */
  readonly isIn: boolean;
}

/** Chooses hours anew from the newest forecast and what was chosen before. */
export function planHours(
  asked: BestHours,
  before: HoursPlan | null,
  points: readonly ForecastPoint[],
  times: RuleTimes,
): PlannedHours {
  const { nowMs } = times;
  const endMs = windowEnd(asked.before, times);
  const hours = hourMeans(points, nowMs, endMs);
  const current = hours.find(({ startMs }) => startMs <= nowMs);
  // Another minute of the same window; a clock that was set by more begins a new one.
  const isSame = before !== null && Math.abs(before.endMs - endMs) < 2 * HOUR_MS;
  const known = isSame ? [...before.taken, ...before.ahead] : [];
  const taken = known.filter((startMs) => startMs <= nowMs);
  const running = taken.some((startMs) => startMs + HOUR_MS > nowMs);
  if (current === undefined && !running) return { plan: null, isIn: false };
  const candidates = hours
    .filter(({ startMs }) => !taken.includes(startMs))
    .sort((left, right) => left.value - right.value || left.startMs - right.startMs);
  const chosen = candidates
    .slice(0, Math.max(0, asked.hours - taken.length))
    .map(({ startMs }) => startMs)
    .sort((left, right) => left - right);
  const begins = chosen.some((startMs) => startMs <= nowMs);
  const plan = {
    endMs,
    taken: [...taken, ...chosen.filter((startMs) => startMs <= nowMs)],
    ahead: chosen.filter((startMs) => startMs > nowMs),
  };
  return { plan, isIn: running || begins };
}

/** The next moment at which the owner's clock shows a time of day. */
function windowEnd(before: number, { nowMs, localTime }: RuleTimes): number {
  const minute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const minutesTo = (fromMs: number) => {
    return (before - localTime(fromMs).minutes + DAY_MINUTES) % DAY_MINUTES;
  };
  const away = minutesTo(minute);
  const endMs = minute + (away === 0 ? DAY_MINUTES : away) * MINUTE_MS;
  // Where the clock is changed in between, it shows an hour more or less by then.
  const off = minutesTo(endMs);
  return endMs + (off > DAY_MINUTES / 2 ? off - DAY_MINUTES : off) * MINUTE_MS;
}

/** Whole hours of the forecast that are not over and begin before a moment, with their means. */
export function hourMeans(
  points: readonly ForecastPoint[],
  nowMs: number,
  endMs: number,
): { readonly startMs: number; readonly value: number }[] {
  const hours: { startMs: number; value: number }[] = [];
  const first = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  for (let startMs = first; startMs < endMs; startMs += HOUR_MS) {
    const value = meanOver(points, Math.max(startMs, nowMs), startMs + HOUR_MS);
    if (value !== null) hours.push({ startMs, value });
  }
  return hours;
}

/** The mean of a forecast over a span; null where it does not cover half of it. */
function meanOver(points: readonly ForecastPoint[], fromMs: number, toMs: number): number | null {
  let covered = 0;
  let sum = 0;
  for (const { startMs, endMs, value } of points) {
    const length = Math.min(endMs, toMs) - Math.max(startMs, fromMs);
    if (length <= 0) continue;
    covered += length;
    sum += value * length;
  }
  return covered * 2 < toMs - fromMs || covered === 0 ? null : sum / covered;
}

/** The value of a forecast at a moment; null where it says nothing of it. */
export function forecastAt(points: readonly ForecastPoint[], atMs: number): number | null {
  return points.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)?.value ?? null;
}
