/**
 * Decides what of the PCI bus is read: place, numbers, class and driver of each function.
 * @source kernel documentation, sysfs-bus-pci
 */

import type { Tree } from "./tree.ts";

/** One function on the bus; numbers are four hexadecimal digits, the class six. */
export interface PciDevice {
  readonly place: string;
  readonly vendor: string;
  readonly device: string;
  readonly subsystem: string;
  readonly class: string;
  /** The name of the driver that holds it. */
  readonly driver: string | null;
}

const FOLDER = "sys/bus/pci/devices";

/** Every function of the bus, in the order of its place. */
export function pciDevices(tree: Tree): PciDevice[] {
  return tree.names(FOLDER).flatMap((place) => {
    const at = `${FOLDER}/${place}`;
    const digits = (file: string) => /^0x([0-9a-f]+)$/u.exec(tree.text(`${at}/${file}`) ?? "")?.[1];
    const [vendor, device, kind] = [digits("vendor"), digits("device"), digits("class")];
    if (vendor === undefined || device === undefined || kind === undefined) return [];
    const subsystem = digits("subsystem_device") ?? "0000";
    const driver = tree.link(`${at}/driver`);
    return [{ place, vendor, device, subsystem, class: kind.padStart(6, "0"), driver }];
  });
}

/** Display controllers, and what calls itself a processing accelerator or a co-processor. */
export function mayCompute({ class: kind }: PciDevice): boolean {
  return /^(03|12|0b40)/u.test(kind);
}

/** The names below a device's folder, such as `drm` with `renderD128` in it. */
export function below(tree: Tree, { place }: PciDevice, folder: string): string[] {
  return tree.names(`${FOLDER}/${place}/${folder}`);
}

/** A file of a device. */
export function fileOf(tree: Tree, { place }: PciDevice, file: string): string | null {
  return tree.text(`${FOLDER}/${place}/${file}`);
}
