/**
 * Decides what is kept of rows until they are written: sums by row. Rows are written in parts that
 * add up, so that whatever is lost with the process is at most what was not written yet.
 */

import { ENERGY_ROW_MS } from "../../ports/energy-store.ts";
import type { ClockState, EnergyQuality, EnergyRow, RowEvents } from "../../ports/energy-store.ts";
import { MILLIJOULES_PER_WATT_HOUR } from "./limits.ts";

const QUALITIES: readonly EnergyQuality[] = ["measured", "modelled", "gap-filled"];
const CLOCKS: readonly ClockState[] = ["synchronised", "unsynchronised", "relative"];

/** The weaker of two qualities. */
export function weakerQuality(one: EnergyQuality, other: EnergyQuality): EnergyQuality {
  return QUALITIES[Math.max(QUALITIES.indexOf(one), QUALITIES.indexOf(other))];
}

/** The weaker of two states of a clock. */
export function weakerClock(one: ClockState, other: ClockState): ClockState {
  return CLOCKS[Math.max(CLOCKS.indexOf(one), CLOCKS.indexOf(other))];
}

/** Two parts of one row as one. */
export function mergedRow(one: EnergyRow, other: EnergyRow): EnergyRow {
  return {
    source: one.source,
    startMs: one.startMs,
    millijoules: one.millijoules + other.millijoules,
    wattHours: one.wattHours + other.wattHours,
    registerEndMillijoules: other.registerEndMillijoules ?? one.registerEndMillijoules,
    measuredMs: Math.min(ENERGY_ROW_MS, one.measuredMs + other.measuredMs),
    quality: weakerQuality(one.quality, other.quality),
    clock: weakerClock(one.clock, other.clock),
    resets: one.resets + other.resets,
    wraps: one.wraps + other.wraps,
    clockJumps: one.clockJumps + other.clockJumps,
    refused: one.refused + other.refused,
  };
}

/** What is added to a row. */
export interface RowAddition extends Partial<RowEvents> {
  readonly startMs: number;
  readonly millijoules?: number;
  readonly measuredMs?: number;
  readonly registerEndMillijoules?: number;
  readonly quality: EnergyQuality;
  readonly clock: ClockState;
}

/** Sums of one source that wait to be written. */
export class OpenRows {
  readonly #source: string;
  readonly #rows = new Map<number, EnergyRow>();
  #remainder: number;

  /** @param remainder  millijoules beyond the last whole watt hour that was written */
  constructor(source: string, remainder: number) {
    this.#source = source;
    this.#remainder = remainder;
  }

  add({ startMs, ...added }: RowAddition): void {
    const part: EnergyRow = {
      source: this.#source,
      startMs,
      millijoules: added.millijoules ?? 0,
      wattHours: 0,
      registerEndMillijoules: added.registerEndMillijoules ?? null,
      measuredMs: added.measuredMs ?? 0,
      quality: added.quality,
      clock: added.clock,
      resets: added.resets ?? 0,
      wraps: added.wraps ?? 0,
      clockJumps: added.clockJumps ?? 0,
      refused: added.refused ?? 0,
    };
    const there = this.#rows.get(startMs);
    this.#rows.set(startMs, there === undefined ? part : mergedRow(there, part));
  }

  /** Whether a row other than that of `startMs` waits. */
  hasOther(startMs: number): boolean {
    return this.#rows.size > (this.#rows.has(startMs) ? 1 : 0);
  }

  get remainder(): number {
    return this.#remainder;
  }

  /** The sums as rows, ascending, without their watt hours. */
  seen(): EnergyRow[] {
    return [...this.#rows.values()].sort((one, other) => one.startMs - other.startMs);
  }

  /** The sums as rows with watt hours; they are forgotten here. */
  take(): EnergyRow[] {
    const rows = this.seen().map((row) => {
      const sum = this.#remainder + row.millijoules;
      const wattHours = Math.floor(sum / MILLIJOULES_PER_WATT_HOUR);
      this.#remainder = sum - wattHours * MILLIJOULES_PER_WATT_HOUR;
      return { ...row, wattHours };
    });
    this.#rows.clear();
    return rows;
  }
}
