/**
 * Decides how a counter of energy becomes watts and a count that only grows: differences, with
 * the known range where it begins anew. A step back that no range explains begins anew silently:
 * the count stands still for that second rather than guess.
 */

/** What one reading gives. */
export interface CounterPower {
  /** Mean since the reading before; null for the first one, and after a step back. */
  readonly watts: number | null;
  /** Since the counter was first read. */
  readonly millijoules: number;
}

/** Seconds between readings beyond which the mean is no value of this moment. */
const SPAN_MAX_SECONDS = 10;

/** No device that is watched here takes more. */
const WATTS_MAX = 10_000;

/** Turns readings of one counter in microjoules into watts. */
export class EnergyDifference {
  readonly #range: number | null;
  #last: { readonly microjoules: number; readonly atMs: number } | null = null;
  #total = 0;

  /** @param range  value at which the counter begins anew; null where unknown */
  constructor(range: number | null) {
    this.#range = range;
  }

  take(microjoules: number, atMs: number): CounterPower {
    const last = this.#last;
    this.#last = { microjoules, atMs };
    if (last === null) return { watts: null, millijoules: 0 };
    const used = this.#used(last.microjoules, microjoules);
    const seconds = (atMs - last.atMs) / 1_000;
    const possible = seconds > 0 && used / 1e6 <= WATTS_MAX * Math.max(1, seconds);
    if (!possible) return { watts: null, millijoules: Math.floor(this.#total / 1_000) };
    this.#total += used;
    const watts = seconds <= SPAN_MAX_SECONDS ? used / 1e6 / seconds : null;
    return { watts, millijoules: Math.floor(this.#total / 1_000) };
  }

  #used(from: number, to: number): number {
    if (to >= from) return to - from;
    return this.#range === null || from > this.#range ? Infinity : this.#range - from + to;
  }
}
