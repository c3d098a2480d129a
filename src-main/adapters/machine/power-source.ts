/**
 * Decides whether the machine runs on its battery: by the kernel's power supplies on Linux, by
 * systeminformation elsewhere, which may start a foreign tool and is asked rarely.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { battery } from "systeminformation";

/**
 * On Linux, from files that are read at once.
 * @param folder  where the kernel shows power supplies
 * @returns false where there is no battery; null where supplies are there and none says it
 * @source kernel documentation, ABI/testing/sysfs-class-power
 */
export function linuxOnBattery(folder = "/sys/class/power_supply"): boolean | null {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  const supplies = names.map((name) => {
    const read = (file: string) => textOf(join(folder, name, file));
    return {
      type: read("type"),
      scope: read("scope"),
      status: read("status"),
      online: read("online"),
    };
  });
  // A mouse has a battery of its own, with the scope "Device".
  const batteries = supplies.filter(({ type, scope }) => type === "Battery" && scope !== "Device");
  if (batteries.length === 0) return false;
  const mains = supplies.filter(({ type }) => type === "Mains" || type === "USB");
  if (mains.some(({ online }) => online === "1")) return false;
  if (batteries.some(({ status }) => status === "Discharging")) return true;
  if (mains.length > 0 && mains.every(({ online }) => online === "0")) return true;
  return batteries.every(({ status }) => status === null || status === "Unknown") ? null : false;
}

/** On any system; null where it cannot be learned. Never throws. */
export async function onBattery(platform: NodeJS.Platform = process.platform) {
  if (platform === "linux") return linuxOnBattery();
  try {
    const { hasBattery, acConnected } = await battery();
    return hasBattery ? !acConnected : false;
  } catch {
    return null;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}
