/**
 * Decides which records are one device: what the bus shows, what NVIDIA's library says and what the
 * system's own tools list, each device once, in the order of the bus.
 */

import { BARE_DEVICE } from "./found-device.ts";
import type { Block, FoundDevice } from "./found-device.ts";
import { nvidiaDevices } from "./nvidia-devices.ts";
import type { NvidiaAnswer } from "./nvidia-devices.ts";
import type { MachineReading } from "./read-machine.ts";

/** A graphics device as its driver names it. */
export interface Gpu {
  readonly vendor: string;
  readonly model: string;
  /** Null when the system does not say. */
  readonly memoryBytes: number | null;
  readonly driver: string | null;
  /** Place on the PCI bus; absent or null where it is not known. */
  readonly pciId?: string | null;
  readonly uuid?: string | null;
  /** What stands in its way whatever engine there is; null: nothing known. */
  readonly block?: Block | null;
  /** What else is known of it. */
  readonly note?: string | null;
  /** Nodes through which it is handed out. */
  readonly nodes?: readonly string[];
}

/** Whether a device is NVIDIA's, by its names. */
export function isNvidia({ vendor, model }: Pick<Gpu, "vendor" | "model">): boolean {
  return /nvidia/iu.test(`${vendor} ${model}`);
}

/**
 * Every GPU once.
 * @param reading  what the system's files show
 * @param answer   what NVIDIA's library said; null where it was not asked
 * @param shown    what a tool of the system lists, where its files show no bus
 */
export function joinGpus(
  reading: MachineReading,
  answer: NvidiaAnswer | null,
  shown: readonly Gpu[],
): Gpu[] {
  const found = nvidiaDevices(reading.nvidia, answer);
  // In WSL the bus shows one device of Windows, which is the one that the library lists.
  const isWindows = ({ driver }: FoundDevice) => driver === "dxgkrnl" && found.length > 0;
  const others = reading.devices.filter((one) => one.kind === "gpu" && !isWindows(one));
  const ofTree = [...found, ...others].toSorted(byPlace).map(gpuOfFound);
  // The library's words of a device are better than the tool's; its record replaces the tool's.
  const rest = found.length > 0 ? shown.filter((one) => !isNvidia(one)) : shown;
  return [...ofTree, ...rest];
}

/** What is no GPU and computes, or could. */
export function otherDevices(reading: MachineReading, cpuName: string): FoundDevice[] {
  return [...reading.devices.filter(({ kind }) => kind !== "gpu"), ...ownNpu(cpuName)];
}

/** The order of the bus, so that a device keeps its number; those without a place come last. */
function byPlace(left: FoundDevice, right: FoundDevice): number {
  const [one, other] = [left.pciId ?? "~", right.pciId ?? "~"];
  return one === other ? 0 : one < other ? -1 : 1;
}

function gpuOfFound(found: FoundDevice): Gpu {
  const { name, vendor, block, note, ...rest } = found;
  const { memoryBytes, driver, pciId, uuid, nodes } = rest;
  const place = { memoryBytes, driver, pciId, uuid, nodes };
  return { vendor: vendor ?? "", model: name, ...place, block, note };
}

/** Apple's processors carry an NPU that only Core ML reaches. */
function ownNpu(name: string): FoundDevice[] {
  if (!/^Apple M\d/u.test(name)) return [];
  const why = "Only Core ML reaches it, with rounding of its own; there is no exact engine for it.";
  return [
    {
      ...BARE_DEVICE,
      kind: "npu",
      name: `Neural Engine of ${name}`,
      vendor: "Apple",
      block: { cause: "no-engine", why, next: null },
    },
  ];
}
