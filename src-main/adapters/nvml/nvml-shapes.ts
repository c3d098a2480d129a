/**
 * Decides what is said of an NVIDIA device and how the reader process and its leader speak. Every
 * value that the driver does not give is null.
 */

import type { DeviceSample } from "../../ports/device-telemetry.ts";
import type { LimitWish } from "../../ports/power-limit.ts";

/** What does not change while the driver is loaded. */
export interface NvmlDevice {
  /** NVML's number of it; not stable over restarts. */
  readonly index: number;
  readonly name: string;
  /** "GPU-…", stable for the life of the device. */
  readonly uuid: string | null;
  /** As sysfs writes it: "0000:01:00.0". */
  readonly pciId: string | null;
  /** PCI vendor and device as one number: 0x233010de is an H100 SXM. */
  readonly pciDeviceId: number | null;
  readonly memoryBytes: number | null;
  readonly computeCapability: { readonly major: number; readonly minor: number } | null;
  /** Whether it is cut into instances; null where the device cannot be. */
  readonly mig: { readonly isOn: boolean; readonly instances: number } | null;
  /** In watts: as it is, as it left the factory, and between which it may be set. */
  readonly powerLimit: {
    readonly current: number | null;
    readonly factory: number | null;
    readonly least: number | null;
    readonly greatest: number | null;
  };
  /** Whether it counts energy itself. */
  readonly countsEnergy: boolean;
  /** Whether it gives its power. */
  readonly givesWatts: boolean;
  /** °C at which the hardware slows down. */
  readonly slowdownCelsius: number | null;
  /** Why nothing more can be said of it; null where all is well. */
  readonly fault: string | null;
}

/** The driver and its devices. */
export interface NvmlListing {
  readonly driverVersion: string | null;
  /** The newest CUDA that the driver runs: "13.0". */
  readonly cudaVersion: string | null;
  readonly devices: readonly NvmlDevice[];
}

/** Why there is no listing. */
export type NvmlAbsence =
  "no-library" | "no-driver" | "mismatch" | "no-permission" | "too-slow" | "crashed" | "failed";

/** What the reader answers to being opened. */
export type Opened =
  | { readonly kind: "listing"; readonly listing: NvmlListing }
  | { readonly kind: "absent"; readonly reason: NvmlAbsence; readonly why: string };

/** A device's sample with what its meter needs. */
export interface ReadSample extends DeviceSample {
  /** Whether the driver says that the device is gone. */
  readonly isLost: boolean;
}

/** What became of it. */
export interface LimitTold {
  /** The library's code of the call that failed; 0 where none did. */
  readonly code: number;
  /** In watts, as it was and as it is; null where the device has none. */
  readonly before: number | null;
  readonly now: number | null;
}

/** From the leader. */
export type Asked =
  | {
      readonly kind: "open";
      readonly libraries: readonly string[];
      /** Numbers of devices that are left alone, since they hung. */
      readonly without: readonly number[];
      /** Whether each device is named before it is asked anything: the last one named hangs. */
      readonly careful: boolean;
    }
  | { readonly kind: "watch"; readonly everyMs: number }
  | { readonly kind: "energy"; readonly ask: number; readonly index: number }
  | {
      readonly kind: "limit";
      readonly ask: number;
      readonly index: number;
      readonly wish: LimitWish;
    };

/** From the reader. */
export type Told =
  | Opened
  | { readonly kind: "samples"; readonly samples: readonly ReadSample[] }
  | { readonly kind: "asking"; readonly index: number }
  | {
      readonly kind: "energy";
      readonly ask: number;
      readonly atMs: number;
      readonly millijoules: number | null;
      readonly watts: number | null;
      /** The library's code of the call that gave nothing; 0 where one gave something. */
      readonly code: number;
    }
  | ({ readonly kind: "limit"; readonly ask: number } & LimitTold);
