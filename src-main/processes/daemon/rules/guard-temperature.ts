/**
 * Decides which temperature of a device protections go by. A device that tells several, each with
 * the limit of its maker, is as hot as the one that is closest to its own: the limit stands for the
 * degree at which work stops, so that a junction made for 110 °C pauses at 103 °C where an edge
 * does at 83 °C. An edge is never taken to be cooler than it is, and a place without a limit of its
 * own protects nothing.
 */

import { STANDARD_PROTECTIONS } from "../../../energy/rules/index.ts";
import type { GuardSensor } from "../../../energy/rules/signals.ts";
import type { DeviceSample } from "../../../ports/device-telemetry.ts";

/** The sensor to go by; undefined where the device's own temperature is all there is. */
export function guardSensor(sample: DeviceSample | null): GuardSensor | undefined {
  let hottest: GuardSensor | undefined;
  for (const { place, celsius, limitCelsius } of sample?.heat ?? []) {
    if (limitCelsius === null) continue;
    const scaled = celsius + STANDARD_PROTECTIONS.stopCelsius - limitCelsius;
    const counted = place === "edge" ? Math.max(celsius, scaled) : scaled;
    if (hottest === undefined || counted > hottest.counted) hottest = { place, celsius, counted };
  }
  const own = sample?.celsius ?? null;
  return own !== null && hottest !== undefined && hottest.counted <= own ? undefined : hottest;
}
