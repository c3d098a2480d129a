/** Decides what a rule is: conditions that all must hold, and what is done while they do. */

/** A figure that a condition compares. */
export type ThresholdSignal =
  "surplus" | "price" | "intensity" | "storage" | "celsius" | "fan" | "watts";

/** One condition of a rule. */
export type Condition =
  | {
      readonly kind: "threshold";
      readonly signal: ThresholdSignal;
      readonly side: "above" | "below";
      /** Beyond it the condition begins to hold. */
      readonly enter: number;
      /** At it, or on its other side, the condition ends; between the two it stays as it was. */
      readonly leave: number;
    }
  /** Spans of minutes of the day; one that ends before it begins goes over midnight. */
  | { readonly kind: "hours"; readonly spans: readonly (readonly [number, number])[] }
  | { readonly kind: "weekdays"; readonly days: readonly number[] }
  | { readonly kind: "battery"; readonly is: boolean }
  | { readonly kind: "user"; readonly is: boolean }
  /** The best hours between one such time of day and the next. */
  | {
      readonly kind: "best-hours";
      readonly signal: "price" | "intensity";
      readonly hours: number;
      /** Minutes of the day at which they are over. */
      readonly before: number;
    };

/** A rule of the owner. */
export interface Rule {
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly then: "pause" | "run" | "cap";
  /** Watts of a device at most; only with "cap". */
  readonly capWatts: number | null;
  /** What is done while the conditions do not hold; null leaves it to the rules below. */
  readonly otherwise: "pause" | "run" | null;
  /** The device whose temperature, fan and watts count; null for any in use. */
  readonly device: string | null;
  /** Least time for which what it began is kept. */
  readonly holdMs: number;
  /**
   * What a condition without its signal means: "pause" takes what leads to less work (a pause or a
   * cap holds, a run does not), "ignore" passes the rule over.
   */
  readonly ifMissing: "pause" | "ignore";
}

/** Limits of one device by its owner; null: the standard. */
export interface DeviceLimits {
  /** As `devices` names it: "cpu", "gpu-0". */
  readonly device: string;
  /** °C at which it is left alone. */
  readonly pauseCelsius: number | null;
  /** Mean watts at most while it works. */
  readonly watts: number | null;
  /** Whether it may work. */
  readonly on: boolean;
}

/** Limits that protect devices. The standard ones can only be tightened. */
export interface ProtectionLimits {
  readonly pauseCelsius: number;
  readonly resumeCelsius: number;
  readonly stopCelsius: number;
  readonly holdMs: number;
  /** Failures one after the other that pause. */
  readonly failures: number;
  /** Watts of the machine; null for no limit. */
  readonly totalWatts: number | null;
  /** Limits of single devices, which are tighter or say nothing; absent where there are none. */
  readonly own?: readonly DeviceLimits[];
}

/** The standard protections. */
export const STANDARD_PROTECTIONS: ProtectionLimits = {
  pauseCelsius: 83,
  resumeCelsius: 75,
  stopCelsius: 90,
  holdMs: 120_000,
  failures: 5,
  totalWatts: null,
};
