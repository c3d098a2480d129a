/**
 * Decides what a device must offer to be watched once a second. A value that the device does not
 * give is null, never 0: nothing is made up. Reading never throws and never blocks for long.
 */

import type { FileLimit } from "./power-limit.ts";

/** Why a device runs slower than it could; the union of what vendors say. */
export type ThrottleReason =
  "idle" | "power-limit" | "heat" | "hardware-slowdown" | "sync-boost" | "setting" | "reliability";

/** A place of a device whose heat is told: its edge, its hottest point, its memory. */
export type HeatPlace = "edge" | "junction" | "memory";

/** A temperature beside the device's own. */
export interface HeatSensor {
  readonly place: HeatPlace;
  readonly celsius: number;
  /** Where its maker has it stop; null where the driver names none. */
  readonly limitCelsius: number | null;
}

/** What a device says of itself at one moment. */
export interface DeviceSample {
  readonly atMs: number;
  /** Share of the last moment in which it was busy, 0 to 1. */
  readonly utilisation: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly celsius: number | null;
  /** Share of the fan's full speed, 0 to 1 (some drivers go above). */
  readonly fan: number | null;
  readonly clockMhz: number | null;
  readonly memoryClockMhz: number | null;
  readonly watts: number | null;
  readonly limitWatts: number | null;
  /** The device's energy register in millijoules since it began. */
  readonly energyMillijoules: number | null;
  readonly throttle: readonly ThrottleReason[];
  /** Of a device that tells several temperatures; absent elsewhere. */
  readonly heat?: readonly HeatSensor[];
}

/** What a device says that says nothing: readers fill in what theirs tells. */
export const NOTHING_TOLD = {
  utilisation: null,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  celsius: null,
  fan: null,
  clockMhz: null,
  memoryClockMhz: null,
  watts: null,
  limitWatts: null,
  energyMillijoules: null,
  throttle: [],
} as const satisfies Omit<DeviceSample, "atMs">;

/** A device that can be watched. */
export interface WatchedDevice {
  /** Id of the device as `devices` names it. */
  readonly id: string;
  readonly name: string;
  /** Where the figures come from: "nvml", "amdgpu", "hwmon", "cpu". */
  readonly source: string;
  /** What it does not tell and why, in words; absent where there is nothing to say. */
  readonly notes?: readonly string[];
  /** Its own limit of power, where its driver shows one that may be set. */
  readonly powerLimit?: FileLimit;
  sample(): DeviceSample;
  close(): void;
}
