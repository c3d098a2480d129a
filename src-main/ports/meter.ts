/**
 * Decides what a source of energy readings must offer: a register that only grows where there is
 * one, watts where there is none, and what is needed to judge either. Nothing is derived here;
 * resets, wraps, gaps and intervals are the energy room's.
 */

/**
 * How good a figure is: A revenue meter (may be settled by), B metered (a meter in the line),
 * C sensor (the device's own), D model, E declared by its owner (ARCHITECTURE.md section 9).
 */
export type EnergyTier = "A" | "B" | "C" | "D" | "E";

/** What the energy of a source is to this machine. */
export type SourceRole = "load" | "generation" | "storage" | "grid";

/** What makes the energy of a generating source. */
export type GenerationTechnology = "solar" | "wind" | "hydro" | "other";

/** What a load reading holds: devices alone, the host's supply, all behind the plug, the site. */
export type EnergyBoundary = "accelerators" | "host-dc" | "wall" | "site-meter";

/**
 * Which way energy went that a two-way place counts: "from" it (bought from the grid, discharged
 * from storage) or "to" it (sold, charged). Each way has a register and so a meter of its own.
 */
export type SourceDirection = "from" | "to";

/** How the figure comes about; the names of `energy-report/1`. */
export type SourceKind =
  | "revenue-meter"
  | "sunspec-meter"
  | "smart-plug"
  | "nvml-energy"
  | "amdsmi-energy"
  | "hwmon-energy"
  | "rapl"
  | "windows-emi"
  | "ioreport"
  | "powermetrics"
  | "power-sampled"
  | "tdp-model"
  | "ha-sensor"
  | "declared";

/**
 * Who measures. Stays the same as long as the meter does; only make, model, serial and capacity may
 * be missing until a meter on the network has answered for the first time.
 */
export interface MeterIdentity {
  /** Unique on this machine and stable over restarts: "nvml-GPU-…", "plug-desk". At most 64. */
  readonly id: string;
  readonly role: SourceRole;
  /** For the roles "grid" and "storage" alone; absent elsewhere. */
  readonly direction?: SourceDirection;
  readonly kind: SourceKind;
  readonly tier: EnergyTier;
  readonly boundary: EnergyBoundary;
  /** Id of the device whose energy this is (`devices`); null for the host or the site. */
  readonly device: string | null;
  readonly makeModel: string | null;
  /** The serial number itself never leaves the machine; reports carry its salted hash. */
  readonly serial: string | null;
  readonly calibration: string | null;
  /** Half-width of the stated or assumed error band, in percent of the reading. */
  readonly uncertaintyPercent: number;
  /** Whether the meter itself signs what it says (SunSpec model 220). */
  readonly meterSigned: boolean;
  /** Most watts by the nameplate of what is measured, from 1; absent where nobody knows. */
  readonly nameplateWatts?: number;
  /** For the role "generation" alone; absent where nobody says so. */
  readonly technology?: GenerationTechnology;
  /** Whole Wh that a full store holds, from 1; for "storage" alone, absent where nobody knows. */
  readonly capacityWattHours?: number;
}

/** What a store does, as it says itself. */
export type StoreStatus =
  "off" | "empty" | "discharging" | "charging" | "full" | "holding" | "testing";

/** What a store says of itself beside its energy; null for what it does not say. */
export interface StoreState {
  /** How full it is, 0 to 1. */
  readonly share: number | null;
  readonly status: StoreStatus | null;
}

/** One reading. At least one of `register` and `watts` is there. */
export interface MeterReading {
  /** When it was true, in milliseconds of the daemon's clock; not when it was asked for. */
  readonly atMs: number;
  readonly register: {
    /** Energy since the register began, a safe integer of millijoules. */
    readonly millijoules: number;
    /** Value at which it begins anew; null: it does not within a life. */
    readonly wrapsAtMillijoules: number | null;
    /** Changes when the register is known to have begun anew (driver load, boot); null: unknown. */
    readonly epoch: string | null;
  } | null;
  /** Power at that moment, or the mean the device itself gives. */
  readonly watts: number | null;
  /** The meter's signature over its own reading, checked by the adapter; null without one. */
  readonly signature: {
    readonly sequence: number;
    readonly algorithm: string;
    readonly bytes: Uint8Array;
    readonly checked: boolean;
  } | null;
  /** For the role "storage" alone, where the meter knows it; absent elsewhere. */
  readonly store?: StoreState;
}

/** A source that is open. */
export interface Meter {
  readonly identity: MeterIdentity;
  /** Asked at least this often; a register could begin anew twice unseen otherwise. */
  readonly readEveryMs: number;
  /**
   * Reads once, within `timeoutMs` of the adapter's own choice (≤ 10 s).
   * Throws Fault METERS_… when there is no reading now; the next call may succeed.
   */
  read(): Promise<MeterReading>;
  /** Ends it; called once. */
  close(): Promise<void>;
}
