/** Decides what is recorded of a device that was found, whoever found it. */

import type { DeviceCause, DeviceKind } from "../../contract/control-api/device.ts";
import { MAKERS, pciName } from "./hardware-ids.ts";
import type { PciDevice } from "./pci-devices.ts";

/** What stands between a device and work. */
export interface Block {
  readonly cause: DeviceCause;
  /** One sentence. */
  readonly why: string;
  /** What mends it, a command where there is one. */
  readonly next: string | null;
}

/** One device, the CPU excepted. */
export interface FoundDevice {
  readonly kind: Exclude<DeviceKind, "cpu">;
  readonly name: string;
  readonly vendor: string | null;
  readonly memoryBytes: number | null;
  readonly driver: string | null;
  /** Its place on the PCI bus, or null. */
  readonly pciId: string | null;
  readonly uuid: string | null;
  /** Numbers of maker and device: "10de:2330". */
  readonly hardwareId: string | null;
  /** Nodes through which it is handed out: "/dev/nvidia0". */
  readonly nodes: readonly string[];
  readonly block: Block | null;
  /** What else is known of what it can do; null: nothing. */
  readonly note: string | null;
}

/** A device of which nothing is known but that it is there. */
export const BARE_DEVICE = {
  memoryBytes: null,
  driver: null,
  pciId: null,
  uuid: null,
  hardwareId: null,
  nodes: [],
  block: null,
  note: null,
} as const satisfies Partial<FoundDevice>;

/** What the PCI bus alone says of a device, and what is known beyond that. */
export function pciRecord(one: PciDevice, more: Partial<FoundDevice> = {}): FoundDevice {
  const hardwareId = `${one.vendor}:${one.device}`;
  return {
    ...BARE_DEVICE,
    kind: "other",
    name: pciName(hardwareId),
    vendor: MAKERS[one.vendor] ?? null,
    driver: one.driver,
    pciId: one.place,
    hardwareId,
    ...more,
  };
}
