/**
 * Decides what two readings of one register say: energy, a wrap, a new beginning, or nothing that
 * can be. When in doubt nothing is counted: a register that stays recovers it by itself.
 */

import { REGISTER_STEP_MILLIJOULES } from "./limits.ts";

/** A register as it stood at a moment. */
export interface RegisterPoint {
  readonly atMs: number;
  readonly millijoules: number;
  readonly epoch: string | null;
  /** When the value last became another; a register that is rarely updated may leap. */
  readonly changedMs: number;
}

/** The newer of the two. */
export interface RegisterNews {
  readonly atMs: number;
  readonly millijoules: number;
  readonly wrapsAtMillijoules: number | null;
  readonly epoch: string | null;
}

/** What happened between them; `counted` energy belongs to the time since `fromMs`. */
export type RegisterJudgement =
  | {
      readonly kind: "forward" | "wrap" | "reset";
      readonly counted: number;
      readonly fromMs: number;
    }
  /** The register began anew at an unknown time. */
  | { readonly kind: "reset"; readonly counted: null }
  /** More than the source can have used. */
  | { readonly kind: "refused" };

/**
 * Judges a step of a register.
 * @param mostWatts  the most the source can draw or give: its nameplate, or a bound
 */
export function judgeRegister(
  before: RegisterPoint,
  now: RegisterNews,
  mostWatts: number,
): RegisterJudgement {
  const isPossible = (millijoules: number, sinceMs: number) =>
    millijoules <= mostWatts * (now.atMs - sinceMs) + REGISTER_STEP_MILLIJOULES;
  if (before.epoch !== null && now.epoch !== null && before.epoch !== now.epoch) {
    const began = epochBeginMs(now.epoch);
    const isWithin = began !== null && began >= before.atMs && began < now.atMs;
    if (!isWithin || !isPossible(now.millijoules, began)) return { kind: "reset", counted: null };
    return { kind: "reset", counted: now.millijoules, fromMs: began };
  }
  const difference = now.millijoules - before.millijoules;
  if (difference >= 0) {
    if (!isPossible(difference, before.changedMs)) return { kind: "refused" };
    // More than since the last reading can be was used before it, while the register stood still.
    const fromMs = isPossible(difference, before.atMs) ? before.atMs : before.changedMs;
    return { kind: "forward", counted: difference, fromMs };
  }
  const { wrapsAtMillijoules: size } = now;
  if (size !== null && before.millijoules < size && now.millijoules < size) {
    const wrapped = difference + size;
    // No allowance for coarse steps here: a reset taken for a wrap would be energy from nowhere.
    if (wrapped <= mostWatts * (now.atMs - before.atMs)) {
      return { kind: "wrap", counted: wrapped, fromMs: before.atMs };
    }
  }
  return { kind: "reset", counted: null };
}

/**
 * When an epoch says that its register began: a text that ends in "@" and milliseconds since 1970,
 * or that is an ISO time in UTC; null where it only names the epoch.
 */
export function epochBeginMs(epoch: string): number | null {
  const milliseconds = /@([0-9]{1,15})$/.exec(epoch);
  if (milliseconds !== null) return Number(milliseconds[1]);
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$/.test(epoch)) return null;
  const parsed = Date.parse(epoch);
  return Number.isNaN(parsed) ? null : parsed;
}
