/**
 * Decides what the system's own sensors say: temperatures, power limits, time spent slowed. Read
 * as any user may read them on Linux; elsewhere, and where a file is closed, there is no value.
 * A driver may hold up whoever reads its files, so that they are read beside, one look at a time:
 * one that hangs costs what it would have told and nothing else.
 */

import { readdir, readFile } from "node:fs/promises";
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

/** How long whoever asks waits for a look; a sleeping disk's sensor answers when it has woken. */
const LOOK_WITHIN_MS = 1_000;

/** Nothing is known. */
const NO_READINGS: SensorReadings = { celsius: [], limitWatts: [], throttledSeconds: [] };

/**
 * Makes who reads the sensors: the newest look where it ends in time, else nothing. While a look
 * hangs no other is begun.
 * @param system  the folder where the system shows its hardware, `/sys`
 */
export function sensorReader(
  system = "/sys",
  withinMs = LOOK_WITHIN_MS,
): () => Promise<SensorReadings> {
  let looking: Promise<SensorReadings> | null = null;
  return () => {
    looking ??= readSensors(system).finally(() => (looking = null));
    const look = looking;
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(NO_READINGS), withinMs);
      const settle = (readings: SensorReadings): void => {
        clearTimeout(late);
        resolve(readings);
      };
      look.then(settle, () => settle(NO_READINGS));
    });
  };
}

/** One look. @param system  the folder where the system shows its hardware, `/sys` */
export async function readSensors(system = "/sys"): Promise<SensorReadings> {
  return {
    celsius: await temperatures(join(system, "class/hwmon")),
    limitWatts: await powerLimits(join(system, "class/powercap")),
    throttledSeconds: await throttled(system),
  };
}

/** @source kernel documentation, hwmon/sysfs-interface: temp*_input is in thousandths of °C */
async function temperatures(folder: string): Promise<SensorValue[]> {
  const found: SensorValue[] = [];
  for (const chip of await namesIn(folder)) {
    const at = join(folder, chip);
    const chipName = (await textOf(join(at, "name"))) ?? chip;
    for (const file of await namesIn(at)) {
      const number = /^temp(\d+)_input$/.exec(file)?.[1];
      const value = number === undefined ? null : await numberOf(join(at, file));
      if (value === null || found.length >= SENSORS_MAX) continue;
      const label = (await textOf(join(at, `temp${number}_label`))) ?? `temp${number}`;
      found.push({ name: `${chip}/${chipName}/${label}`, value: value / 1_000 });
    }
  }
  return found;
}

/** @source kernel documentation, power/powercap: constraint_0 is the long-term limit, in µW */
async function powerLimits(folder: string): Promise<SensorValue[]> {
  const found: SensorValue[] = [];
  const zones = (await namesIn(folder)).filter((name) => /^intel-rapl:\d+$/.test(name));
  for (const zone of zones) {
    const at = join(folder, zone);
    const value = await numberOf(join(at, "constraint_0_power_limit_uw"));
    if (value === null || value <= 0 || found.length >= SENSORS_MAX) continue;
    const name = (await textOf(join(at, "name"))) ?? zone;
    found.push({ name: `cpu/${name}`, value: value / 1_000_000 });
  }
  return found;
}

async function throttled(system: string): Promise<SensorValue[]> {
  const found: SensorValue[] = [];
  const heat = join(system, "devices/system/cpu/cpu0/thermal_throttle");
  const heatMs = await numberOf(join(heat, "package_throttle_total_time_ms"));
  if (heatMs !== null) found.push({ name: "heat", value: heatMs / 1_000 });
  // The group this process is in, seen from inside a container; absent at the machine's own root.
  const group = await textOf(join(system, "fs/cgroup/cpu.stat"));
  const quotaUs = /^throttled_usec (\d+)$/m.exec(group ?? "")?.[1];
  if (quotaUs !== undefined) found.push({ name: "quota", value: Number(quotaUs) / 1_000_000 });
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort((left, right) => (left < right ? -1 : 1));
  } catch {
    return [];
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    return null;
  }
}

async function numberOf(file: string): Promise<number | null> {
  const text = await textOf(file);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}
