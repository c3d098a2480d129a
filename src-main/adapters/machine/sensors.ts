/**
 * Decides what the system's own sensors say: temperatures, power limits, time spent slowed. Read
 * as any user may read them on Linux; elsewhere, and where a file is closed, there is no value.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One reading: whose it is, and the value in the unit its list is named after. */
export interface SensorValue {
  readonly name: string;
  readonly value: number;
}

/** Everything read at one moment. */
export interface SensorReadings {
  readonly celsius: readonly SensorValue[];
  readonly limitWatts: readonly SensorValue[];
  readonly throttledSeconds: readonly SensorValue[];
}

/** Sensors and zones of one machine; a large server has some hundred. */
const SENSORS_MAX = 256;

/**
 * Reads the sensors.
 * @param system  the folder where the system shows its hardware, `/sys`
 */
export function readSensors(system = "/sys"): SensorReadings {
  return {
    celsius: temperatures(join(system, "class/hwmon")),
    limitWatts: powerLimits(join(system, "class/powercap")),
    throttledSeconds: throttled(system),
  };
}

/** @source kernel documentation, hwmon/sysfs-interface: temp*_input is in thousandths of °C */
function temperatures(folder: string): SensorValue[] {
  const found: SensorValue[] = [];
  for (const chip of namesIn(folder)) {
    const at = join(folder, chip);
    const chipName = textOf(join(at, "name")) ?? chip;
    for (const file of namesIn(at)) {
      const number = /^temp(\d+)_input$/.exec(file)?.[1];
      const value = number === undefined ? null : numberOf(join(at, file));
      if (value === null || found.length >= SENSORS_MAX) continue;
      const label = textOf(join(at, `temp${number}_label`)) ?? `temp${number}`;
      found.push({ name: `${chip}/${chipName}/${label}`, value: value / 1_000 });
    }
  }
  return found;
}

/** @source kernel documentation, power/powercap: constraint_0 is the long-term limit, in µW */
function powerLimits(folder: string): SensorValue[] {
  const found: SensorValue[] = [];
  for (const zone of namesIn(folder).filter((name) => /^intel-rapl:\d+$/.test(name))) {
    const at = join(folder, zone);
    const value = numberOf(join(at, "constraint_0_power_limit_uw"));
    if (value === null || value <= 0 || found.length >= SENSORS_MAX) continue;
    found.push({ name: `cpu/${textOf(join(at, "name")) ?? zone}`, value: value / 1_000_000 });
  }
  return found;
}

function throttled(system: string): SensorValue[] {
  const found: SensorValue[] = [];
  const heat = join(system, "devices/system/cpu/cpu0/thermal_throttle");
  const heatMs = numberOf(join(heat, "package_throttle_total_time_ms"));
  if (heatMs !== null) found.push({ name: "heat", value: heatMs / 1_000 });
  // The group this process is in, seen from inside a container; absent at the machine's own root.
  const group = textOf(join(system, "fs/cgroup/cpu.stat"));
  const quotaUs = /^throttled_usec (\d+)$/m.exec(group ?? "")?.[1];
  if (quotaUs !== undefined) found.push({ name: "quota", value: Number(quotaUs) / 1_000_000 });
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort((left, right) => (left < right ? -1 : 1));
  } catch {
    return [];
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}

function numberOf(file: string): number | null {
  const text = textOf(file);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}
