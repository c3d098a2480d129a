/** Decides what is said of the limits of each device: in use, watched, or with some of its own. */

import type {
  CapInForce,
  LimitsOfDevice,
  LimitsState,
} from "../../../contract/control-api/index.ts";
import {
  CELSIUS_LEAST,
  DEVICE_WATTS_MAX,
  limitsOfDevice,
  RESUME_BELOW_CELSIUS,
} from "../../../energy/rules/index.ts";
import type { DeviceLimits, ProtectionLimits } from "../../../energy/rules/index.ts";
import type { LatestSample } from "../telemetry/telemetry.ts";

/** What is told from. */
export interface LimitParts {
  readonly training: string;
  readonly inUse: readonly string[];
  readonly protection: ProtectionLimits;
  readonly own: (device: string) => DeviceLimits;
  readonly ownDevices: readonly string[];
  readonly samples: readonly LatestSample[];
  readonly caps: readonly CapInForce[];
  readonly nameplateOf: (device: string) => number | null;
}

/** The end of a scale of watts where nobody knows what a device takes. */
const UNKNOWN_WATTS = 300;

/** Limits of every device, those in use first. */
export function limitsState(parts: LimitParts): LimitsState {
  const watched = parts.samples.filter(({ source }) => source !== "hwmon").map(({ id }) => id);
  const ids = new Set([...parts.inUse, ...watched, ...parts.ownDevices]);
  return { devices: [...ids].slice(0, 128).map((device) => limitsOf(device, parts)) };
}

function limitsOf(device: string, parts: LimitParts): LimitsOfDevice {
  const { protection, training, inUse, caps } = parts;
  const own = parts.own(device);
  // The processor checks beside a card that trains: what would switch off is the training.
  const { pauseCelsius: pause, resumeCelsius: resume } = limitsOfDevice(protection, device);
  return {
    device,
    trains: device === training,
    inUse: inUse.includes(device),
    on: own.on,
    celsius: {
      own: own.pauseCelsius,
      pause,
      resume,
      stop: protection.stopCelsius,
      resumeBelow: RESUME_BELOW_CELSIUS,
      resumeMost: protection.resumeCelsius,
      least: CELSIUS_LEAST,
      most: protection.pauseCelsius,
    },
    watts: { own: own.watts, most: mostWatts(device, own, parts) },
    cap: caps.find((one) => one.device === device) ?? null,
  };
}

/** The most that a device takes: its own word, else somewhat more than it was seen to take. */
function mostWatts(device: string, own: DeviceLimits, parts: LimitParts): number {
  const sample = parts.samples.find(({ id }) => id === device)?.sample ?? null;
  const seen = Math.max(sample?.watts ?? 0, own.watts ?? 0);
  const told = sample?.limitWatts ?? parts.nameplateOf(device) ?? UNKNOWN_WATTS;
  return Math.min(DEVICE_WATTS_MAX, Math.max(1, Math.ceil(told), Math.ceil(seen)));
}
