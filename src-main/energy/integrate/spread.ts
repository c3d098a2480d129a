/**
 * Decides how the energy of a stretch of time falls into rows: whole millijoules, whose sum is the
 * stretch's, whatever its borders.
 */

import { ENERGY_ROW_MS } from "../../ports/energy-store.ts";

/** What a stretch gives one row. */
export interface Portion {
  readonly startMs: number;
  readonly millijoules: number;
  /** Time of the stretch within the row. */
  readonly spanMs: number;
}

/** Beginning of the row that a moment lies in. */
export function rowStart(atMs: number): number {
  return Math.floor(atMs / ENERGY_ROW_MS) * ENERGY_ROW_MS;
}

/**
 * Splits evenly spread energy at the borders of rows. Each border gets floor(energy so far), so
 * that the parts add up exactly.
 * @param millijoules  a safe integer from 0
 */
export function spreadEvenly(fromMs: number, toMs: number, millijoules: number): Portion[] {
  const length = BigInt(toMs - fromMs);
  const whole = BigInt(millijoules);
  const energyBy = (atMs: number) => Number((whole * BigInt(atMs - fromMs)) / length);
  return split(fromMs, toMs, (atMs) => (atMs === toMs ? millijoules : energyBy(atMs)));
}

/**
 * Splits what flows between two moments while watts go straight from one value to the other.
 * @param carry  part of a millijoule left over from before, 0 to 1
 * @returns the portions and the new carry
 */
export function spreadTrapezoid(
  from: { readonly atMs: number; readonly watts: number },
  to: { readonly atMs: number; readonly watts: number },
  carry: number,
): { readonly portions: Portion[]; readonly carry: number } {
  const length = to.atMs - from.atMs;
  const slope = (to.watts - from.watts) / length;
  // A watt for a millisecond is a millijoule.
  const exactBy = (atMs: number) => {
    const passed = atMs - from.atMs;
    return carry + from.watts * passed + (slope * passed * passed) / 2;
  };
  const portions = split(from.atMs, to.atMs, (atMs) => Math.max(0, Math.floor(exactBy(atMs))));
  const exact = Math.max(0, exactBy(to.atMs));
  return { portions, carry: exact - Math.floor(exact) };
}

/** @param energyBy  whole energy from the beginning to a moment */
function split(fromMs: number, toMs: number, energyBy: (atMs: number) => number): Portion[] {
  const portions: Portion[] = [];
  let begin = fromMs;
  let before = 0;
  for (let startMs = rowStart(fromMs); startMs < toMs; startMs += ENERGY_ROW_MS) {
    const end = Math.min(toMs, startMs + ENERGY_ROW_MS);
    // Sums of fractions may fall by a last digit where nothing flows.
    const until = Math.max(before, energyBy(end));
    portions.push({ startMs, millijoules: until - before, spanMs: end - begin });
    before = until;
    begin = end;
  }
  return portions;
}
