/**
 * Decides how seconds become rows: each level folds its samples until the time of another row
 * begins, forward or, where the clock was set, back. A row that ended holds only what was seen.
 */

import { TELEMETRY_FIELDS, TELEMETRY_LEVELS } from "../../ports/telemetry-store.ts";
import type { TelemetryFigure, TelemetryRow } from "../../ports/telemetry-store.ts";

/** A figure while its row is open. */
interface OpenFigure {
  samples: number;
  sum: number;
  least: number;
  greatest: number;
}

interface OpenRow {
  readonly row: number;
  readonly figures: (OpenFigure | null)[];
}

/** The open rows of one device, one for each level. */
export class RowFold {
  readonly #device: string;
  readonly #open: (OpenRow | null)[] = TELEMETRY_LEVELS.map(() => null);

  constructor(device: string) {
    this.#device = device;
  }

  /**
   * Takes the figures of a moment, in the order of `TELEMETRY_FIELDS`; null for none.
   * @returns the rows that ended with it
   */
  take(atMs: number, figures: readonly (number | null)[]): TelemetryRow[] {
    const ended: TelemetryRow[] = [];
    TELEMETRY_LEVELS.forEach(({ stepMs }, level) => {
      const row = Math.floor(atMs / stepMs);
      let open = this.#open[level];
      if (open?.row !== row) {
        if (open !== null) ended.push(this.#close(level, open));
        open = { row, figures: TELEMETRY_FIELDS.map(() => null) };
        this.#open[level] = open;
      }
      add(open.figures, figures);
    });
    return ended;
  }

  /** Ends all rows; those of the same time that follow are joined with them by the store. */
  end(): TelemetryRow[] {
    return this.#open.flatMap((open, level) => {
      this.#open[level] = null;
      return open === null ? [] : [this.#close(level, open)];
    });
  }

  #close(level: number, { row, figures }: OpenRow): TelemetryRow {
    return { device: this.#device, level, row, figures: figures.map(figureOf) };
  }
}

function add(open: (OpenFigure | null)[], figures: readonly (number | null)[]): void {
  figures.forEach((value, field) => {
    if (value === null) return;
    const figure = open[field];
    if (figure === null) {
      open[field] = { samples: 1, sum: value, least: value, greatest: value };
      return;
    }
    figure.samples += 1;
    figure.sum += value;
    figure.least = Math.min(figure.least, value);
    figure.greatest = Math.max(figure.greatest, value);
  });
}

function figureOf(open: OpenFigure | null): TelemetryFigure | null {
  if (open === null) return null;
  const { samples, sum, least, greatest } = open;
  return { samples, mean: sum / samples, least, greatest };
}
