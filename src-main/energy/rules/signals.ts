/**
 * Decides what rules and protections may know at a moment. null is "not known": what that leads to
 * stands with each rule and protection, never a guess.
 */

import type { HeatPlace } from "../../ports/device-telemetry.ts";

/** A value over a span of time. */
export interface ForecastPoint {
  readonly startMs: number;
  readonly endMs: number;
  readonly value: number;
}

/** A place of a device that is closer to its own limit than the device's own temperature shows. */
export interface GuardSensor {
  readonly place: HeatPlace;
  /** As it is. */
  readonly celsius: number;
  /** As protections count it: its limit stands for the degree at which work stops. */
  readonly counted: number;
}

/** A device that works for the miner, and what it says of itself. */
export interface DeviceSignal {
  readonly id: string;
  readonly celsius: number | null;
  /** What protections go by instead; absent where that is `celsius`. */
  readonly guard?: GuardSensor;
  /** Share of the fan's full speed. */
  readonly fan: number | null;
  readonly watts: number | null;
}

/** Everything at one moment. */
export interface SignalsNow {
  /** Own generation less own load, as the energy room counts it. */
  readonly surplusWatts: number | null;
  /** Price of a kWh in the owner's currency, now and foretold. */
  readonly price: number | null;
  readonly prices: readonly ForecastPoint[];
  readonly currency: string | null;
  /** Grams of CO2 equivalent per kWh, now and foretold. */
  readonly intensity: number | null;
  readonly intensities: readonly ForecastPoint[];
  readonly onBattery: boolean | null;
  /** How full the owner's store is, 0 to 1. */
  readonly storageShare: number | null;
  readonly userActive: boolean | null;
  /** The machine's load: its best meter, else the sum of what devices tell. */
  readonly watts: number | null;
  /** What the machine takes while it works; for expected effects. */
  readonly workWatts: number | null;
  /** Devices in use. */
  readonly devices: readonly DeviceSignal[];
  /** Units that failed one after the other, the newest included. */
  readonly failures: number;
}

/** Nothing is known of the world outside; devices and failures are the daemon's own. */
export const NO_SIGNALS: SignalsNow = {
  surplusWatts: null,
  price: null,
  prices: [],
  currency: null,
  intensity: null,
  intensities: [],
  onBattery: null,
  storageShare: null,
  userActive: null,
  watts: null,
  workWatts: null,
  devices: [],
  failures: 0,
};

/** Where signals come from; the daemon has one, which begins with `NO_SIGNALS`. */
export interface SignalsProvider {
  /** What is known now; never waits. */
  now(): SignalsNow;
}

/** A moment in the owner's time zone. */
export interface LocalTime {
  /** Minutes since midnight. */
  readonly minutes: number;
  /** 0 Monday to 6 Sunday. */
  readonly weekday: number;
}

/** Times of a decision: the wall's for hours and forecasts, running time for holding. */
export interface RuleTimes {
  readonly nowMs: number;
  /** Milliseconds that only go up, whatever the wall clock does. */
  readonly runMs: number;
  readonly localTime: (ms: number) => LocalTime;
}

/** A device as people call it: "GPU 0", "the processor". */
export function deviceWords(id: string): string {
  const number = /^gpu-(\d+)$/.exec(id)?.[1];
  if (number !== undefined) return `GPU ${number}`;
  return id === "cpu" ? "the processor" : id;
}

/** Minutes since midnight as "22:00". */
export function clockWords(minutes: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
