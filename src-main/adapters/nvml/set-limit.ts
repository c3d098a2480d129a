/**
 * Decides how the power limit of an NVIDIA device is set: within the device's own bounds, never
 * above what the caller allows, and believed only as it is read back. The driver lets root alone.
 * @source NVIDIA NVML API reference, nvmlDeviceSetPowerManagementLimit
 */

import type { LimitWish } from "../../ports/power-limit.ts";
import type { DeviceHandle, NvmlLibrary } from "./load-library.ts";
import type { LimitTold } from "./nvml-shapes.ts";
import { numberOf } from "./read-devices.ts";
import { NVML } from "./return-codes.ts";

/** Reads a device's limit, sets it where that is wanted, and reads it again. */
export function setLimit(library: NvmlLibrary, device: DeviceHandle, wish: LimitWish): LimitTold {
  const read = () => library.ask("nvmlDeviceGetPowerManagementLimit", device, [], [4]);
  const found = read();
  const before = numberOf(found);
  if (before === null) return { code: found.code, before: null, now: null };
  const told = (code: number, now: number | null): LimitTold => {
    return { code, before: before / 1_000, now: now === null ? null : now / 1_000 };
  };
  if (wish.watts === null) return told(NVML.success, before);
  const between = "nvmlDeviceGetPowerManagementLimitConstraints";
  const bounds = library.ask(between, device, [], [4, 4]);
  if (!("value" in bounds)) return told(bounds.code, before);
  const [least, greatest] = bounds.value.map((bytes) => bytes.readUInt32LE(0));
  const most = Math.min(greatest, wish.mostWatts === null ? before : wish.mostWatts * 1_000);
  const milliwatts = Math.round(Math.min(most, Math.max(least, wish.watts * 1_000)));
  const set = library.ask("nvmlDeviceSetPowerManagementLimit", device, [milliwatts], []);
  const now = numberOf(read());
  if (set.code !== NVML.success) return told(set.code, now);
  // Said to be done and not done: nobody may rely on it.
  return told(now === milliwatts ? NVML.success : NVML.notSupported, now);
}
