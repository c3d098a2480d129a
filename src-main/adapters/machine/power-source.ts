/**
 * Decides whether the machine runs on its battery: by the kernel's power supplies on Linux, by
 * systeminformation elsewhere, which may start a foreign tool and is asked rarely.
 */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { battery } from "systeminformation";

/**
 * On Linux, from files of drivers, which may take their time: nobody is kept waiting meanwhile, and
 * what belongs to a device such as a mouse, which would be woken, is not asked.
 * @param folder  where the kernel shows power supplies
 * @returns false where there is no battery; null where supplies are there and none says it
 * @source kernel documentation, ABI/testing/sysfs-class-power
 */
export async function linuxOnBattery(folder = "/sys/class/power_supply"): Promise<boolean | null> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return null;
  }
  const supplies: Supply[] = [];
  for (const name of names) {
    const read = (file: string) => textOf(join(folder, name, file));
    const type = await read("type");
    // A mouse has a battery of its own, with the scope "Device".
    if ((await read("scope")) === "Device") continue;
    supplies.push({ type, status: await read("status"), online: await read("online") });
  }
  const batteries = supplies.filter(({ type }) => type === "Battery");
  if (batteries.length === 0) return false;
  const mains = supplies.filter(({ type }) => type === "Mains" || type === "USB");
  if (mains.some(({ online }) => online === "1")) return false;
  if (batteries.some(({ status }) => status === "Discharging")) return true;
  if (mains.length > 0 && mains.every(({ online }) => online === "0")) return true;
  return batteries.every(({ status }) => status === null || status === "Unknown") ? null : false;
}

interface Supply {
  readonly type: string | null;
  readonly status: string | null;
  readonly online: string | null;
}

/** On any system; null where it cannot be learned. Never throws. */
export async function onBattery(platform: NodeJS.Platform = process.platform) {
  if (platform === "linux") return await linuxOnBattery();
  try {
    const { hasBattery, acConnected } = await battery();
    return hasBattery ? !acConnected : false;
  } catch {
    return null;
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    return null;
  }
}
