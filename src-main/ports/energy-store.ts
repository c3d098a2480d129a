/**
 * Decides how what meters counted is kept: rows of 300 s by source, who measured when, what units
 * cost, the signals of the grid, and which days are closed. Integers only; a row that is not there
 * is a time of which nothing is known, never a zero (ARCHITECTURE.md section 18).
 */

import type { EnergyTier, MeterIdentity } from "./meter.ts";

/** Length of a row; each begins at a multiple of it, in UTC. */
export const ENERGY_ROW_MS = 300_000;

/** A day of UTC, which is closed as a whole. */
export const ENERGY_DAY_MS = 86_400_000;

/** Rows one answer may have: a year of one source and a day. */
export const ENERGY_ROWS_MAX = 105_408;

/** Days that rows are kept: ten years. One source-year takes some 10 MB. */
export const ENERGY_DAYS_KEPT = 3_653;

/** How the energy of a row came about; the weakest of what it is made from. */
export type EnergyQuality = "measured" | "modelled" | "gap-filled";

/** What is known of the wall clock that a row's times come from. */
export type ClockState = "synchronised" | "unsynchronised" | "relative";

/** What happened within a row; none of it ever adds energy that no meter counted. */
export interface RowEvents {
  /** The register began anew; what it counted in between is lost. */
  readonly resets: number;
  /** The register was full and began anew; nothing is lost. */
  readonly wraps: number;
  /** The wall clock was moved by more than 2 s. */
  readonly clockJumps: number;
  /** A reading was no possible one and was not counted. */
  readonly refused: number;
}

/** Energy of one source in one row. */
export interface EnergyRow extends RowEvents {
  /** `MeterIdentity.id`. */
  readonly source: string;
  /** A multiple of ENERGY_ROW_MS. */
  readonly startMs: number;
  /** Energy, a safe integer from 0. */
  readonly millijoules: number;
  /**
   * Whole watt hours: floor(sum of the source's energy to the end of the row) less the same of its
   * start, so that rows of any number add up to what the source counted, less than 1 Wh off.
   */
  readonly wattHours: number;
  /** What the register showed at the last reading in the row, as it stood there; null without. */
  readonly registerEndMillijoules: number | null;
  /** Milliseconds of the row whose energy was measured in it, 0 to ENERGY_ROW_MS. */
  readonly measuredMs: number;
  readonly quality: EnergyQuality;
  readonly clock: ClockState;
}

/** Who measured as a source, from a time on. */
export interface SourceSince {
  readonly fromMs: number;
  readonly identity: MeterIdentity;
}

/** What a training of a unit cost; one for each time it was worked at on this machine. */
export interface UnitEnergy {
  /** Unit id, 64 hex digits. */
  readonly unit: string;
  readonly job: string;
  /** Id of the device that trained. */
  readonly device: string;
  /** Sources that the figure rests on. */
  readonly sources: readonly string[];
  readonly tier: EnergyTier;
  readonly startMs: number;
  readonly endMs: number;
  /** null: no meter covered any of it. */
  readonly millijoules: number | null;
  /** Share of the time that was measured, in millionths. */
  readonly coverageMillionths: number;
  readonly quality: EnergyQuality;
  readonly steps: number;
  readonly outcome: "open" | "paid" | "voided";
  /** Pay of this machine's accounts for it, in the smallest unit; "0" before. */
  readonly rewardBase: string;
  /** At the owner's tariff of those hours, in 10^-6 of the currency; null without a tariff. */
  readonly costMicros: number | null;
  readonly currency: string | null;
}

/** Kinds of signals kept by hour; average and marginal are never mixed. */
export type SignalKind =
  "carbon-average" | "carbon-marginal" | "carbon-residual" | "carbon-free-share" | "price";

/** One value of a signal. */
export interface SignalRow {
  readonly kind: SignalKind;
  /** Zone as its giver names it: "DE", "CAISO_NORTH". At most 64 characters. */
  readonly zone: string;
  readonly startMs: number;
  readonly endMs: number;
  /**
   * carbon-*: milligrams of CO2 equivalent per kWh; carbon-free-share: millionths;
   * price: 10^-6 of the currency per kWh, may be negative.
   */
  readonly value: number;
  /** Who says so: "electricitymaps", "watttime", "uk-carbon-intensity", "static-table", … */
  readonly source: string;
  /** The giver estimated it. */
  readonly estimated: boolean;
  /** It was a forecast when it was fetched, and no settled value came later. */
  readonly forecast: boolean;
}

/** A day whose rows change no more. */
export interface DayClosure {
  /** A multiple of ENERGY_DAY_MS. */
  readonly dayMs: number;
  readonly closedMs: number;
  /** Rows of the day when it was closed. */
  readonly rows: number;
  /** Merkle root over the day's salted rows; null until a report room made it. */
  readonly root: Uint8Array | null;
  /** Slot of the anchor on the ledger; null until it is final. */
  readonly anchorSlot: number | null;
  /** What the maker of reports keeps with it (the secret of its salts), at most 4 MiB. */
  readonly kept: Uint8Array;
  /**
   * Public part of the key that the root states: Ed25519 as reports write it, and its account.
   * Absent in closures of versions that kept none.
   */
  readonly key?: { readonly kid: string; readonly account: string };
}

/** Where an accounting of a source goes on after a restart: opaque, at most 1 KiB. */
export interface SourceState {
  readonly source: string;
  readonly bytes: Uint8Array;
}

/** What one moment of accounting writes, all of it or nothing. */
export interface EnergyBatch {
  readonly rows: readonly EnergyRow[];
  readonly states: readonly SourceState[];
}

/** The store, open and owned by this process alone. Reads see the last durable write. */
export interface EnergyStore {
  /**
   * Adds rows; one that is there already is added to: energy, Wh and events are summed, measured
   * time is at most the row, quality and clock are the weaker of both. Durable when it returns.
   * Throws Fault ENERGY_DAY_CLOSED for a row of a closed day, and those of the disk (STORE_…).
   */
  write(batch: EnergyBatch): void;
  /** Rows of a source that begin at `fromMs` or later and before `toMs`, ascending. */
  rows(source: string, fromMs: number, toMs: number): EnergyRow[];
  state(source: string): Uint8Array | undefined;
  /** Notes who measures as a source from now on; the same identity again changes nothing. */
  identify(fromMs: number, identity: MeterIdentity): void;
  /** Who measured as a source, oldest first; no rows for a source that never was. */
  identities(source: string): SourceSince[];
  /** Ids of every source that was ever identified, ascending. */
  sources(): string[];
  /** Keeps what a unit cost; one of the same unit and start is replaced. */
  putUnit(energy: UnitEnergy): void;
  /** All trainings of a unit, by start. */
  unit(unit: string): UnitEnergy[];
  /** Trainings that begin in the span, newest first, at most `limit`. */
  units(fromMs: number, toMs: number, limit: number): UnitEnergy[];
  /** Keeps values; the same kind, zone and start is replaced, a settled one by no forecast. */
  putSignals(rows: readonly SignalRow[]): void;
  signals(kind: SignalKind, zone: string, fromMs: number, toMs: number): SignalRow[];
  /** Puts a closure, or a fuller one of the same day; the day takes no more rows. */
  closeDay(closure: DayClosure): void;
  day(dayMs: number): DayClosure | undefined;
  /** Closures in the span, ascending. */
  days(fromMs: number, toMs: number): DayClosure[];
  /** Drops rows, units and signals of days before; closures stay. Answers how many went. */
  prune(beforeMs: number): number;
  close(): Promise<void>;
}
