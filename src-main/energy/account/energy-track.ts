/**
 * Decides what a source used between two moments that no row begins at: a running sum at each
 * reading, straight between them. No moment since the first reading is forgotten, since a unit may
 * have begun there; older ones are known from fewer points.
 */

/** A running sum at a moment. */
export interface TrackPoint {
  readonly atMs: number;
  readonly millijoules: number;
  readonly measuredMs: number;
}

/** Points kept for one source: half a day of readings at 5 s one by one, 1 MB. */
export const TRACK_POINTS_MAX = 17_280;

/** The running sum of one source since this process counts it. */
export class EnergyTrack {
  #points: TrackPoint[] = [];

  /** Adds what came until a moment; a moment that is not later changes the newest sum. */
  add(atMs: number, millijoules: number, measuredMs: number): void {
    const last = this.newest();
    const sum = {
      millijoules: (last?.millijoules ?? 0) + millijoules,
      measuredMs: (last?.measuredMs ?? 0) + measuredMs,
    };
    if (last !== undefined && atMs <= last.atMs) {
      this.#points[this.#points.length - 1] = { atMs: last.atMs, ...sum };
      return;
    }
    this.#points.push({ atMs, ...sum });
    if (this.#points.length <= TRACK_POINTS_MAX) return;
    // Every second point of the older half goes; the first one stays.
    const half = TRACK_POINTS_MAX / 2;
    this.#points = this.#points.filter((_, at) => at >= half || at % 2 === 0);
  }

  newest(): TrackPoint | undefined {
    return this.#points.at(-1);
  }

  /** The sum at a moment; null before the first reading and after the newest. */
  at(atMs: number): TrackPoint | null {
    const points = this.#points;
    let [low, high] = [0, points.length - 1];
    if (low > high || atMs < points[low].atMs || atMs > points[high].atMs) return null;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (points[middle].atMs <= atMs) low = middle;
      else high = middle - 1;
    }
    const before = points[low];
    const after = points[low + 1];
    if (after === undefined || before.atMs === atMs) return { ...before, atMs };
    const share = (atMs - before.atMs) / (after.atMs - before.atMs);
    const between = (from: number, to: number) => Math.floor(from + (to - from) * share);
    return {
      atMs,
      millijoules: between(before.millijoules, after.millijoules),
      measuredMs: between(before.measuredMs, after.measuredMs),
    };
  }
}
