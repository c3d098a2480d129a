/** Decides the words for what a device is: its kind, and the facts that tell it from others. */

import type { Device, Devices } from "../../src-main/contract/control-api/device.ts";
import { formatBytes, formatNumberOf } from "../../src-main/contract/units.ts";

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

/** "8 cores with 16 threads, 4 of them for this program"; what is the same is said once. */
export function coresText({
  coresPhysical,
  coresLogical,
  coresAvailable,
}: Devices["machine"]): string {
  const isPlain = coresPhysical === coresLogical;
  const whole = isPlain
    ? formatNumberOf(coresLogical, "core", "cores")
    : `${formatNumberOf(coresPhysical, "core", "cores")} with ` +
      formatNumberOf(coresLogical, "thread", "threads");
  const isAll = coresAvailable === coresLogical;
  return isAll ? whole : `${whole}, ${coresAvailable} of them for this program`;
}

/** Name and value of what is known of a device; what is unknown is left out. */
export function deviceFacts(device: Device): readonly (readonly [string, string])[] {
  const { vendor, memoryBytes, driver, pciId, uuid } = device;
  const facts: readonly (readonly [string, string | null])[] = [
    ["maker", vendor],
    ["memory", memoryBytes === null ? null : formatBytes(memoryBytes)],
    ["driver", driver],
    ["bus place", pciId],
    ["uuid", uuid],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}
