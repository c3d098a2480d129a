/**
 * Decides what is read of an NVIDIA device each second.
 * @source NVIDIA NVML API reference, device queries
 */

import { NOTHING_TOLD } from "../../ports/device-telemetry.ts";
import type { ThrottleReason } from "../../ports/device-telemetry.ts";
import type { DeviceHandle, NvmlLibrary } from "./load-library.ts";
import type { ReadSample } from "./nvml-shapes.ts";
import { numberOf } from "./read-devices.ts";
import { isLost } from "./return-codes.ts";

/** NVML_CLOCK_SM and NVML_CLOCK_MEM. */
const CLOCK_SM = 1;
const CLOCK_MEMORY = 2;

/** NVML_TEMPERATURE_GPU. */
const SENSOR_GPU = 0;

/** nvmlMemory_t: total, free, used. */
const MEMORY_BYTES = 24;

/** Bits of nvmlClocksEventReasons, and what each is called here. */
const REASONS: readonly (readonly [number, ThrottleReason])[] = [
  [0x01, "idle"],
  [0x02, "setting"],
  [0x04, "power-limit"],
  [0x08, "hardware-slowdown"],
  [0x10, "sync-boost"],
  [0x20, "heat"],
  [0x40, "heat"],
  [0x80, "power-limit"],
  [0x100, "setting"],
];

/** The reasons of a set of bits, each once; bits of newer drivers are passed over. */
export function throttleReasons(bits: number): ThrottleReason[] {
  const named = REASONS.filter(([bit]) => (bits & bit) !== 0).map(([, reason]) => reason);
  return [...new Set(named)];
}

/** What changes seldom: read once in ten samples, since each question costs the driver time. */
export type SlowFigures = Pick<ReadSample, "fan" | "limitWatts" | "memoryClockMhz">;

/** Reads what changes seldom. */
export function readSlowFigures(library: NvmlLibrary, device: DeviceHandle): SlowFigures {
  const plain = (name: string, ...before: number[]) =>
    numberOf(library.ask(name, device, before, [4]));
  const fan = plain("nvmlDeviceGetFanSpeed");
  const limit =
    plain("nvmlDeviceGetEnforcedPowerLimit") ?? plain("nvmlDeviceGetPowerManagementLimit");
  return {
    fan: fan === null ? null : fan / 100,
    limitWatts: wattsOf(limit),
    memoryClockMhz: plain("nvmlDeviceGetClockInfo", CLOCK_MEMORY),
  };
}

/** Reads one device; what it does not give is null. */
export function readSample(
  library: NvmlLibrary,
  device: DeviceHandle,
  atMs: number,
  slow: SlowFigures,
): ReadSample {
  const plain = (name: string, ...before: number[]) => library.ask(name, device, before, [4]);
  const power = plain("nvmlDeviceGetPowerUsage");
  if (isLost(power.code)) return { atMs, ...NOTHING_TOLD, isLost: true };
  const memory = library.ask("nvmlDeviceGetMemoryInfo", device, [], [MEMORY_BYTES]);
  const busy = library.ask("nvmlDeviceGetUtilizationRates", device, [], [8]);
  const percent = numberOf(busy);
  return {
    atMs,
    ...slow,
    utilisation: percent === null ? null : percent / 100,
    memoryUsedBytes: "value" in memory ? Number(memory.value[0].readBigUInt64LE(16)) : null,
    memoryTotalBytes: "value" in memory ? Number(memory.value[0].readBigUInt64LE(0)) : null,
    celsius: numberOf(plain("nvmlDeviceGetTemperature", SENSOR_GPU)),
    clockMhz: numberOf(plain("nvmlDeviceGetClockInfo", CLOCK_SM)),
    watts: wattsOf(numberOf(power)),
    energyMillijoules: readEnergy(library, device).millijoules,
    throttle: throttleReasons(reasonBits(library, device)),
    isLost: false,
  };
}

/** The device's own count in millijoules since the driver was loaded. */
export function readEnergy(
  library: NvmlLibrary,
  device: DeviceHandle,
): { readonly millijoules: number | null; readonly code: number } {
  const counted = library.ask("nvmlDeviceGetTotalEnergyConsumption", device, [], [8]);
  if (!("value" in counted)) return { millijoules: null, code: counted.code };
  const millijoules = Number(counted.value[0].readBigUInt64LE(0));
  // All bits set is how some virtual GPUs say that they do not count.
  return { millijoules: Number.isSafeInteger(millijoules) ? millijoules : null, code: 0 };
}

/** Watts of a number of milliwatts. */
export function wattsOf(milliwatts: number | null): number | null {
  return milliwatts === null ? null : milliwatts / 1_000;
}

/** The same question under its name since driver 535, then under the one before. */
function reasonBits(library: NvmlLibrary, device: DeviceHandle): number {
  for (const name of [
    "nvmlDeviceGetCurrentClocksEventReasons",
    "nvmlDeviceGetCurrentClocksThrottleReasons",
  ]) {
    const read = library.ask(name, device, [], [8]);
    if ("value" in read) return read.value[0].readUInt32LE(0);
  }
  return 0;
}
