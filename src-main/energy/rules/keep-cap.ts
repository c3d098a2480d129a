/**
 * Decides in which share of the time work may run so that a device's mean watts stay below a cap.
 * Watts never fall faster than the share does (a device at rest takes some too), so a share that
 * grows by target / mean cannot lead above the target; a mean above the cap lowers it by as much,
 * and by half each time after that, until a pause. Near the cap only longer means change anything.
 */

import {
  CAP_CALM_MS,
  CAP_CALM_SHARE,
  CAP_CALM_TARGET,
  CAP_FIRST_SHARE,
  CAP_HOLD_MS,
  CAP_IDLE_SHARE,
  CAP_LEAST_SHARE,
  CAP_PERIOD_MAX_MS,
  CAP_PERIOD_MS,
  CAP_PERIOD_STEPS,
  CAP_PERIODS_OVER,
  CAP_RAISE_SHARE,
  CAP_SETTLE_MS,
  CAP_TARGET_SHARE,
  SILENT_MS,
} from "./limits.ts";

/** Energy counted until a moment of the meter's. */
export interface CountedEnergy {
  readonly atMs: number;
  readonly millijoules: number;
}

/** What a cap is kept by at a moment. */
export interface CapNow {
  readonly capWatts: number;
  /** The newest that a meter or sensor counted; null: none does. */
  readonly counted: CountedEnergy | null;
  /** Distance of its readings. */
  readonly readEveryMs: number;
  /** Most watts of what is measured; null where nobody says so. */
  readonly nameplateWatts: number | null;
  /** Whether steps are run, rests between them included. */
  readonly works: boolean;
  /** Time of a step without its rest; null: not known. */
  readonly stepMs: number | null;
  /** Share that the deadline of the unit in hand needs; 0: none does. */
  readonly deadlineShare: number;
}

/** What is remembered, and what is in force. */
export interface CapState {
  /** Share of the time for work; 0 where it waits. */
  readonly share: number;
  /**
   * starting: not measured yet. within: the whole time, and the watts are below. paced: by measured
   * watts. nameplate: by the nameplate, nothing measures. deadline: above the cap for a deadline.
   * low: too much even at the least share. blind: neither watts nor a nameplate are known.
   */
  readonly how: "starting" | "within" | "paced" | "nameplate" | "deadline" | "low" | "blind";
  /** Mean of the newest whole period; null before the first. */
  readonly meanWatts: number | null;
  readonly capWatts: number;
  /** Running time of the last change; readings soon after it do not count. */
  readonly changedMs: number;
  /** The reading that a period began with. */
  readonly from: CountedEnergy | null;
  readonly newest: CountedEnergy | null;
  /** The first reading since the share changed. */
  readonly calmFrom: CountedEnergy | null;
  /** Running time at which the newest came. */
  readonly toldMs: number;
  /** Periods above the cap one after the other. */
  readonly overs: number;
  /** Time for which it waits the next time that it cannot be kept. */
  readonly holdMs: number;
}

/** Time for which the mean may lie above a cap before it is below, or work waits. */
export function capWindowMs(readEveryMs: number, stepMs: number | null): number {
  const slowest = periodMs(readEveryMs, stepMs, CAP_LEAST_SHARE);
  return CAP_PERIODS_OVER * (CAP_SETTLE_MS + readEveryMs + slowest);
}

/** The state after a moment. @param before  null where the cap begins */
export function keepCap(before: CapState | null, now: CapNow, runMs: number): CapState {
  const begun = before ?? firstState(now, runMs);
  const was = begun.capWatts === now.capWatts ? begun : withCap(begun, now.capWatts, runMs);
  const known = heard(was, now, runMs);
  if (runMs - known.toldMs > SILENT_MS || (now.counted === null && now.nameplateWatts !== null)) {
    return byNameplate(known, now, runMs);
  }
  if (known.how === "blind" || known.how === "nameplate") {
    return changed({ ...known, how: "starting" }, firstShare(now), runMs);
  }
  if (known.how === "low") return afterPause(known, now, runMs);
  if (!now.works) return { ...known, from: null, calmFrom: null, overs: 0, changedMs: runMs };
  const raised = Math.max(known.share, Math.min(1, now.deadlineShare));
  if (raised > known.share) return changed({ ...known, how: "deadline" }, raised, runMs);
  return measured(known, now, runMs);
}

function firstState(now: CapNow, runMs: number): CapState {
  return {
    share: firstShare(now),
    how: "starting",
    meanWatts: null,
    capWatts: now.capWatts,
    changedMs: runMs,
    from: null,
    newest: null,
    calmFrom: null,
    toldMs: runMs,
    overs: 0,
    holdMs: CAP_HOLD_MS.first,
  };
}

/** Safe by the nameplate, which counts a device at rest as nothing; else a quarter. */
function firstShare({ nameplateWatts, capWatts }: CapNow): number {
  if (nameplateWatts === null) return CAP_FIRST_SHARE;
  return bounded((CAP_TARGET_SHARE * capWatts) / nameplateWatts);
}

/** Another cap: what was learnt of the watts holds. */
function withCap(was: CapState, capWatts: number, runMs: number): CapState {
  const fresh = { ...was, capWatts, holdMs: CAP_HOLD_MS.first };
  if (was.how === "low") return changed({ ...fresh, how: "starting" }, CAP_LEAST_SHARE, runMs);
  if (was.meanWatts === null || was.share === 0) return fresh;
  const share = was.share * Math.min(1, (CAP_TARGET_SHARE * capWatts) / was.meanWatts);
  return changed(fresh, bounded(share), runMs);
}

function heard(was: CapState, { counted }: CapNow, runMs: number): CapState {
  if (counted === null || counted.atMs === was.newest?.atMs) return was;
  const { from } = was;
  // A clock that was set back, or a count that began anew, begins the period anew.
  const isBroken =
    from !== null && (counted.atMs < from.atMs || counted.millijoules < from.millijoules);
  const begins = isBroken || (from === null && runMs - was.changedMs >= CAP_SETTLE_MS);
  const calmFrom = begins ? counted : was.calmFrom;
  return { ...was, newest: counted, toldMs: runMs, from: begins ? counted : from, calmFrom };
}

function measured(was: CapState, now: CapNow, runMs: number): CapState {
  const { from, newest, share, capWatts } = was;
  if (from === null || newest === null) return was;
  const passedMs = newest.atMs - from.atMs;
  if (passedMs < periodMs(now.readEveryMs, now.stepMs, share)) return was;
  const meanWatts = (newest.millijoules - from.millijoules) / passedMs;
  const told: CapState = { ...was, meanWatts, from: newest };
  const fitting = (share * CAP_TARGET_SHARE * capWatts) / Math.max(meanWatts, 1e-3);
  if (meanWatts > capWatts) {
    const overs = was.overs + 1;
    const least = Math.max(CAP_LEAST_SHARE, now.deadlineShare);
    if (share <= CAP_LEAST_SHARE && now.deadlineShare <= CAP_LEAST_SHARE) {
      return changed({ ...told, overs: 0, how: "low" }, 0, runMs);
    }
    const lower = overs > 1 ? Math.min(fitting, share / 2) : fitting;
    const how = lower < now.deadlineShare ? "deadline" : "paced";
    return changed({ ...told, overs, how }, Math.min(1, Math.max(least, lower)), runMs);
  }
  const settled = { ...told, overs: 0, holdMs: CAP_HOLD_MS.first };
  if (share >= 1) return { ...settled, how: "within" };
  if (meanWatts >= CAP_RAISE_SHARE * capWatts) return calm({ ...settled, how: "paced" }, runMs);
  return changed({ ...settled, how: fitting >= 1 ? "within" : "paced" }, bounded(fitting), runMs);
}

/** Below the cap and near it: a longer mean, in which noise is small, may allow some more. */
function calm(was: CapState, runMs: number): CapState {
  const { calmFrom, newest, share, capWatts } = was;
  if (calmFrom === null || newest === null) return was;
  const passedMs = newest.atMs - calmFrom.atMs;
  if (passedMs < CAP_CALM_MS) return was;
  const meanWatts = (newest.millijoules - calmFrom.millijoules) / passedMs;
  if (meanWatts >= CAP_CALM_SHARE * capWatts) return { ...was, calmFrom: newest };
  return changed(was, bounded((share * CAP_CALM_TARGET * capWatts) / meanWatts), runMs);
}

/** Work waits: it is tried again after a time that doubles, once the device at rest is below. */
function afterPause(was: CapState, now: CapNow, runMs: number): CapState {
  if (now.deadlineShare > CAP_LEAST_SHARE) {
    return changed({ ...was, how: "deadline" }, Math.min(1, now.deadlineShare), runMs);
  }
  const { from, newest } = was;
  if (from === null || newest === null || runMs - was.changedMs < was.holdMs) return was;
  const restWatts = (newest.millijoules - from.millijoules) / Math.max(1, newest.atMs - from.atMs);
  if (restWatts > CAP_RAISE_SHARE * was.capWatts) return { ...was, changedMs: runMs, from: newest };
  const holdMs = Math.min(CAP_HOLD_MS.last, 2 * was.holdMs);
  return changed({ ...was, how: "paced", holdMs }, CAP_LEAST_SHARE, runMs);
}

/** Nothing measures: the nameplate, with what a device at rest takes of it, or a pause. */
function byNameplate(was: CapState, now: CapNow, runMs: number): CapState {
  const { nameplateWatts, capWatts } = now;
  const blind = { ...was, meanWatts: null, from: null };
  if (nameplateWatts === null) return stay({ ...blind, how: "blind" }, 0, runMs);
  const rest = CAP_IDLE_SHARE * nameplateWatts;
  const share = (CAP_RAISE_SHARE * capWatts - rest) / (nameplateWatts - rest);
  if (nameplateWatts <= capWatts) return stay({ ...blind, how: "nameplate" }, 1, runMs);
  const kept = Math.max(share, now.deadlineShare);
  if (kept < CAP_LEAST_SHARE) return stay({ ...blind, how: "low" }, 0, runMs);
  return stay({ ...blind, how: kept > share ? "deadline" : "nameplate" }, bounded(kept), runMs);
}

function stay(state: CapState, share: number, runMs: number): CapState {
  return share === state.share ? state : changed(state, share, runMs);
}

function changed(state: CapState, share: number, runMs: number): CapState {
  return { ...state, share, changedMs: runMs, from: null, calmFrom: null };
}

function bounded(share: number): number {
  return Math.min(1, Math.max(CAP_LEAST_SHARE, share));
}

function periodMs(readEveryMs: number, stepMs: number | null, share: number): number {
  const steps = ((stepMs ?? 0) * CAP_PERIOD_STEPS) / Math.max(share, CAP_LEAST_SHARE);
  return Math.max(CAP_PERIOD_MS, 0.9 * readEveryMs, Math.min(CAP_PERIOD_MAX_MS, steps));
}
