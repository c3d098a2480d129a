/**
 * Decides which share of the time a unit needs to be sealed before its deadline. A cap gives way to
 * it: a missed deadline costs the bond. (`protection.total_watts` gives way to nothing.)
 */

/** More than the steps so far tell: the hold-out samples, the last checkpoint, the seal. */
const MARGIN_SHARE = 1.25;

/** Time before the deadline at which all of it should be over. */
const MARGIN_MS = 60_000;

/** A unit that is trained. */
export interface UnitInHand {
  readonly step: number;
  readonly steps: number;
  /** Time that its steps took so far, without rests. */
  readonly workedMs: number;
  /** Time left until its seal must be there. */
  readonly leftMs: number;
}

/** From 0, where nothing is known or it is too late anyway, to 1. */
export function deadlineShare({ step, steps, workedMs, leftMs }: UnitInHand): number {
  if (step <= 0 || workedMs <= 0 || leftMs <= 0) return 0;
  const neededMs = MARGIN_SHARE * (workedMs / step) * (steps - step);
  return leftMs <= MARGIN_MS ? 1 : Math.min(1, neededMs / (leftMs - MARGIN_MS));
}
