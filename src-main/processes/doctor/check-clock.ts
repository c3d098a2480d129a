/**
 * Decides whether the machine's clock can be used: commit times must rise, so a clock behind the
 * last commit stops the ledger until it has caught up.
 */

import { setTimeout } from "node:timers/promises";

import { formatDuration } from "../../contract/units.ts";
import { attention, fault, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** How long both clocks are watched. */
const WATCH_MS = 60;

/** Difference between them that a busy machine explains. */
const DRIFT_MS_MAX = 25;

/** A commit may be this far ahead of a validator's clock (ARCHITECTURE.md section 6). */
const AHEAD_MS_MAX = 2_000;

const SET_CLOCK = "Set the clock, best by the system's time service (NTP).";

/** Two looks at both clocks. */
export interface ClockWatch {
  readonly wallMs: number;
  readonly monotonicMs: number;
  /** The time of day after it. */
  readonly nowMs: number;
}

/** Watches the time of day beside the monotonic clock. */
export async function watchClock(): Promise<ClockWatch> {
  const wall = Date.now();
  const monotonic = performance.now();
  await setTimeout(WATCH_MS);
  const nowMs = Date.now();
  return { wallMs: nowMs - wall, monotonicMs: performance.now() - monotonic, nowMs };
}

/** Judges the clock. @param lastCommitMs  time of the last commit; null where there is none */
export function checkClock(watch: ClockWatch, lastCommitMs: number | null): Finding {
  const { wallMs, monotonicMs, nowMs } = watch;
  const drift = Math.abs(wallMs - monotonicMs);
  const now = new Date(nowMs).toISOString();
  if (lastCommitMs !== null && nowMs + AHEAD_MS_MAX < lastCommitMs) {
    const behind = formatDuration(lastCommitMs - nowMs);
    return fault("clock", `${now}, which is ${behind} before the last commit`, SET_CLOCK);
  }
  if (wallMs < 0 || drift > DRIFT_MS_MAX) {
    const text = `${now}; it moved ${Math.round(drift)} ms against the monotonic clock just now`;
    return attention("clock", text, `${SET_CLOCK} If it is being set now, look again later.`);
  }
  const since = lastCommitMs === null ? "no commit yet" : "after the last commit";
  return ok("clock", `${now}, steady, ${since}`);
}
