/**
 * Decides which graphics cards the kernel's drivers show: one entry for each card of
 * /sys/class/drm, with its maker and its place on the bus.
 */

import { realpathSync } from "node:fs";
import { basename, join } from "node:path";

import { hwmonChips } from "./hwmon-chip.ts";
import { KeptFile, namesIn, textOf } from "./kept-file.ts";

/** PCI numbers of makers. */
export const AMD_VENDOR = "0x1002";
export const INTEL_VENDOR = "0x8086";

/** Cards listed at most: more than any board carries. */
const CARDS_MAX = 32;

/** A card as the kernel shows it. */
export interface GraphicsCard {
  /** `/sys/class/drm/cardN` */
  readonly path: string;
  /** Folder of its PCI device. */
  readonly device: string;
  readonly vendor: string;
  /** "0000:03:00.0"; the card's own name where it stands on no bus. */
  readonly place: string;
  readonly driver: string;
  /** Folders of its sensor chips. */
  readonly chips: readonly string[];
}

/** The cards in the order of their numbers. */
export function graphicsCards(system: string): GraphicsCard[] {
  const folder = join(system, "class/drm");
  return namesIn(folder)
    .filter((name) => /^card\d+$/.test(name))
    .sort((left, right) => Number(left.slice(4)) - Number(right.slice(4)))
    .slice(0, CARDS_MAX)
    .flatMap((name) => {
      const path = join(folder, name);
      const device = join(path, "device");
      const vendor = textOf(join(device, "vendor"));
      if (vendor === null) return [];
      const events = textOf(join(device, "uevent")) ?? "";
      const place = /^PCI_SLOT_NAME=(.+)$/m.exec(events)?.[1] ?? placeOf(device, name);
      const driver = /^DRIVER=(.+)$/m.exec(events)?.[1] ?? "";
      const chips = hwmonChips(join(device, "hwmon")).map((chip) => chip.path);
      return [{ path, device, vendor, place, driver, chips }];
    });
}

/**
 * Whether a card sleeps, told without waking it: most of what is read of one that sleeps wakes it,
 * and a laptop's would never sleep again.
 * @source kernel documentation, ABI/testing/sysfs-devices-power
 */
export function sleeps(card: GraphicsCard): { read(): boolean; close(): void } {
  const path = join(card.device, "power/runtime_status");
  const file = textOf(path) === null ? null : new KeptFile(path);
  return {
    read: () => file?.text() === "suspended",
    close: () => file?.close(),
  };
}

/** Files that hold cards' own limits of power, by place; found without asking a driver. */
export function powerCapFiles(
  system: string,
): readonly { readonly place: string; readonly file: string }[] {
  return graphicsCards(system).flatMap(({ place, chips }) => {
    const chip = chips.find((folder) => namesIn(folder).includes("power1_cap"));
    return chip === undefined ? [] : [{ place, file: join(chip, "power1_cap") }];
  });
}

function placeOf(device: string, name: string): string {
  try {
    const last = basename(realpathSync(device));
    return /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d$/.test(last) ? last : name;
  } catch {
    return name;
  }
}
