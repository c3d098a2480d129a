/**
 * Decides what an owner may say of one device: cooler than the protections, fewer watts, or off.
 * Nothing of it can loosen a protection.
 */

import type { DeviceLimits, ProtectionLimits } from "./rule.ts";

/** Cooler than any working device: a limit below it would never let work run. */
export const CELSIUS_LEAST = 30;

/** A device goes on so much cooler than it was left alone, as the standard protections say. */
export const RESUME_BELOW_CELSIUS = 8;

/** Watts of a device at most; more than any takes. */
export const DEVICE_WATTS_MAX = 10_000;

/** A device without limits of its own. */
export function noLimits(device: string): DeviceLimits {
  return { device, pauseCelsius: null, watts: null, on: true };
}

/** Whether they say nothing at all. */
export function isStandard({ pauseCelsius, watts, on }: DeviceLimits): boolean {
  return pauseCelsius === null && watts === null && on;
}

/** The limits of all with those of one device: the tighter of each. */
export function limitsOfDevice(all: ProtectionLimits, device: string): ProtectionLimits {
  const own = all.own?.find((one) => one.device === device)?.pauseCelsius ?? null;
  if (own === null || own >= all.pauseCelsius) return all;
  const resumeCelsius = Math.min(all.resumeCelsius, own - RESUME_BELOW_CELSIUS);
  return { ...all, pauseCelsius: own, resumeCelsius };
}
