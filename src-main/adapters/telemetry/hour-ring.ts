/**
 * Decides how the last hour of a device stands in memory: one number of four bytes for each figure
 * and second, in rings of fixed size. A second without a sample is a gap, not the one before it.
 */

import { TELEMETRY_FIELDS } from "../../ports/telemetry-store.ts";
import type { TelemetryField } from "../../ports/telemetry-store.ts";

/** Seconds that are kept. */
export const RING_SECONDS = 3_600;

/** One second of one figure. */
export interface SecondValue {
  readonly second: number;
  readonly value: number;
}

/** The ring of one device: 3,600 seconds of 8 figures, 128 KiB. */
export class HourRing {
  /** The second that each place holds; 0 for none. */
  readonly #seconds = new Float64Array(RING_SECONDS);
  readonly #values = TELEMETRY_FIELDS.map(() => new Float32Array(RING_SECONDS));

  /**
   * Keeps the figures of a second, in the order of `TELEMETRY_FIELDS`; null for none. A second
   * that comes twice, because the clock was set back, is the later one.
   */
  put(second: number, figures: readonly (number | null)[]): void {
    const place = second % RING_SECONDS;
    this.#seconds[place] = second;
    this.#values.forEach((values, field) => (values[place] = figures[field] ?? Number.NaN));
  }

  /** The values of a figure from a second to before another, by time; gaps are left out. */
  read(field: TelemetryField, from: number, to: number): SecondValue[] {
    const values = this.#values[TELEMETRY_FIELDS.indexOf(field)];
    const found: SecondValue[] = [];
    for (let second = Math.max(from, to - RING_SECONDS, 1); second < to; second += 1) {
      const place = second % RING_SECONDS;
      const value = values[place];
      if (this.#seconds[place] === second && !Number.isNaN(value)) found.push({ second, value });
    }
    return found;
  }
}
