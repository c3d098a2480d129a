/** Decides what a device says that says nothing: every figure null, none made up. */

import type { DeviceSample } from "../../ports/device-telemetry.ts";

/** A sample of which a reader fills in what its device tells. */
export function emptySample(atMs: number): DeviceSample {
  return {
    atMs,
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
  };
}
