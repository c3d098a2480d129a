/** Decides the words for what a device is: its kind, and the facts that tell it from others. */

import type { Device } from "../../src-main/contract/control-api/device.ts";
import { formatBytes } from "../../src-main/contract/units.ts";

const KINDS: Readonly<Record<Device["kind"], string>> = {
  cpu: "processor (CPU)",
  gpu: "graphics processor (GPU)",
  tpu: "Google tensor processor (TPU)",
  npu: "neural processor (NPU)",
  coral: "Coral Edge TPU",
  other: "accelerator",
};

/** What a device is, in words. */
export function kindWords(kind: Device["kind"]): string {
  return KINDS[kind];
}

/** Name and value of what is known of a device; what is unknown is left out. */
export function deviceFacts(device: Device): readonly (readonly [string, string])[] {
  const { vendor, memoryBytes, driver, pciId, uuid } = device;
  const facts: readonly (readonly [string, string | null])[] = [
    ["maker", vendor],
    ["memory", memoryBytes === null ? null : formatBytes(memoryBytes)],
    ["driver", driver],
    ["place", pciId],
    ["uuid", uuid],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}
