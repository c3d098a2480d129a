/**
 * Decides what is read of a sensor chip that measures power and belongs to no device known here: a
 * supply's own meter, an accelerator with a driver of its own. Only what it tells, nothing about
 * whose power it is.
 */

import { basename } from "node:path";

import { NOTHING_TOLD } from "../../ports/device-telemetry.ts";
import type { WatchedDevice } from "../../ports/device-telemetry.ts";
import type { HwmonFolder } from "./hwmon-chip.ts";
import { HwmonChip } from "./hwmon-chip.ts";

/** Id of a chip, known without asking its driver. */
export function sensorId({ path, driver }: HwmonFolder): string {
  return `${basename(path)}-${driver}`.slice(0, 64);
}

/** A chip as a watched device; null where it measures no power. */
export function watchSensor(found: HwmonFolder, nowMs: () => number): WatchedDevice | null {
  const chip = new HwmonChip(found.path);
  if (!chip.measuresPower) {
    chip.close();
    return null;
  }
  return {
    id: sensorId(found),
    name: `${found.driver} sensor`,
    source: "hwmon",
    sample() {
      const atMs = nowMs();
      const { watts, millijoules } = chip.power(atMs);
      return {
        atMs,
        ...NOTHING_TOLD,
        celsius: chip.celsius(),
        fan: chip.fan(),
        watts,
        limitWatts: chip.limitWatts(),
        energyMillijoules: millijoules,
      };
    },
    close: () => chip.close(),
  };
}
