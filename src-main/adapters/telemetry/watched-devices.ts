/**
 * Decides which devices of this machine are watched by the system's own files: the processor, the
 * cards of AMD and Intel, and sensors that measure power. NVIDIA's are watched by adapters/nvml.
 */

import { realpathSync } from "node:fs";
import { join } from "node:path";

import type { WatchedDevice } from "../../ports/device-telemetry.ts";
import { AMD_VENDOR, graphicsCards, INTEL_VENDOR } from "./graphics-cards.ts";
import { hwmonChips } from "./hwmon-chip.ts";
import { watchAmd } from "./watch-amd.ts";
import type { DriverDevice } from "./watch-amd.ts";
import { watchIntel } from "./watch-intel.ts";
import { watchProcessor } from "./watch-processor.ts";
import { MACHINE_ROOTS } from "./watch-roots.ts";
import type { WatchRoots } from "./watch-roots.ts";
import { sensorId, watchSensor } from "./watch-sensor.ts";

/** Chips whose power is another device's that is watched, or a battery's. */
const NOT_A_SENSOR = /^(amdgpu|i915|xe|nouveau|nvme|BAT\d*|.*battery.*|coretemp|k10temp)$/i;

/** What is known from elsewhere. */
export interface WatchOptions {
  readonly roots?: WatchRoots;
  readonly nowMs?: () => number;
  /**
   * Id of the graphics device at a place of the bus ("0000:03:00.0") as `devices` names it; null
   * where it is not listed, which gives it the id "pci-0000-03-00.0".
   */
  readonly idAt?: (place: string) => string | null;
  /** Ids of devices that are left alone: no file of their drivers is opened. */
  readonly without?: readonly string[];
  /** Told a device's id before the first file of its driver is read, which may never return. */
  readonly opening?: (id: string) => void;
}

/** The processor: what is read of it comes from the kernel itself, which does not hang. */
export function openProcessor(options: WatchOptions = {}): WatchedDevice {
  const { roots = MACHINE_ROOTS, nowMs = Date.now } = options;
  return watchProcessor(roots, nowMs);
}

/**
 * Whether there is anything that a driver answers for; found out without asking one. Whoever reads
 * a driver may hang with it, so that is done in a process of its own.
 */
export function hasDriverDevices(roots: WatchRoots = MACHINE_ROOTS): boolean {
  const vendors = [AMD_VENDOR, INTEL_VENDOR];
  return (
    graphicsCards(roots.system).some(({ vendor }) => vendors.includes(vendor)) ||
    hwmonChips(join(roots.system, "class/hwmon")).some(({ driver }) => !NOT_A_SENSOR.test(driver))
  );
}

/** Opens cards and sensors; never throws, an unreadable part is left out. May wait on a driver. */
export function openDriverDevices(options: WatchOptions = {}): DriverDevice[] {
  const { roots = MACHINE_ROOTS, nowMs = Date.now, idAt = () => null } = options;
  const { without = [], opening = () => undefined } = options;
  const open = (id: string, make: () => DriverDevice | null): DriverDevice[] => {
    if (without.includes(id)) return [];
    opening(id);
    const device = make();
    return device === null ? [] : [device];
  };
  const cards = graphicsCards(roots.system);
  const ownChips = new Set(cards.flatMap(({ chips }) => chips.map(realPath)));
  const graphics = cards.flatMap((card) => {
    // As other ids are written, so that it can be named in settings and on the control API.
    const id = idAt(card.place) ?? `pci-${card.place.replaceAll(":", "-")}`;
    if (card.vendor === AMD_VENDOR) return open(id, () => watchAmd(card, id, nowMs));
    return card.vendor === INTEL_VENDOR ? open(id, () => watchIntel(card, id, nowMs)) : [];
  });
  const sensors = hwmonChips(join(roots.system, "class/hwmon"))
    .filter(({ driver, path }) => !NOT_A_SENSOR.test(driver) && !ownChips.has(realPath(path)))
    .flatMap((chip) => open(sensorId(chip), () => watchSensor(chip, nowMs)));
  return [...graphics, ...sensors];
}

/** The chip's own folder: classes and devices show it by different ways. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
