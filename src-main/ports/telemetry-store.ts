/**
 * Decides what must be kept of a device's past and in which steps of time. A row begins at a
 * multiple of its length in UTC; each level has a fixed number of rows, so that the size on the
 * disk has a bound that no running time lifts.
 */

/** What a row keeps of each second: the figures of a sample that have a mean. */
export const TELEMETRY_FIELDS = [
  "utilisation",
  "memoryUsedBytes",
  "celsius",
  "fan",
  "clockMhz",
  "memoryClockMhz",
  "watts",
  "throttled",
] as const;

/** A figure by its name; `throttled` is the share of seconds in which the device was slowed. */
export type TelemetryField = (typeof TELEMETRY_FIELDS)[number];

/** Length and number of a level's rows. */
export interface TelemetryLevel {
  readonly stepMs: number;
  readonly rows: number;
}

/** 10 s for 2 days, 1 min for 30 days, 15 min for 5 years of 365.25 days. */
export const TELEMETRY_LEVELS: readonly TelemetryLevel[] = [
  { stepMs: 10_000, rows: 17_280 },
  { stepMs: 60_000, rows: 43_200 },
  { stepMs: 900_000, rows: 175_320 },
];

/** Devices whose past is kept: more than a board carries; a renamed device counts anew. */
export const TELEMETRY_DEVICES_MAX = 64;

/** Longest id of a device. */
export const TELEMETRY_ID_MAX = 64;

/** One figure over a row's time; `samples` counts the seconds in which the device gave it. */
export interface TelemetryFigure {
  readonly samples: number;
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
}

/** One row: the figures in the order of `TELEMETRY_FIELDS`, null where there was none. */
export interface TelemetryRow {
  readonly device: string;
  /** Index in `TELEMETRY_LEVELS`. */
  readonly level: number;
  /** Begin of the row's time divided by its length: 1 to 2^32 − 1. */
  readonly row: number;
  readonly figures: readonly (TelemetryFigure | null)[];
}

/** A figure of one row, as it is read back. */
export interface TelemetryPoint extends TelemetryFigure {
  readonly row: number;
}

/** Keeps rows. What is asked for and not there is left out, never filled. */
export interface TelemetryStore {
  /** Devices of which something is kept. */
  devices(): readonly string[];
  /**
   * Keeps rows, all or none, durable when it resolves. A row of the same time that is kept
   * already is joined with it: time that the clock shows twice, or a restart within the row.
   * Rows of devices beyond the maximum are left out.
   * Throws Fault STORE_…
   */
  add(rows: readonly TelemetryRow[]): Promise<void>;
  /**
   * Figures of one field, by time.
   * @param from  first row, `to` the row after the last; at most the level's number of rows apart
   */
  read(
    device: string,
    level: number,
    field: TelemetryField,
    from: number,
    to: number,
  ): readonly TelemetryPoint[];
  close(): Promise<void>;
}
