/** Decides how a report names the chip that trained: as the list of devices does. */

import type { Inventory } from "../../../adapters/machine/index.ts";
import type { ChipFacts } from "./report-work.ts";

const GPU = /^gpu-([0-9]{1,2})$/;

/**
 * The chip of a device.
 * @param device  as units name theirs: "cpu", "gpu-0"; one that is gone is called by this
 */
export function chipFacts(
  { machine, gpus }: Pick<Inventory, "gpus"> & { readonly machine: { readonly cpuName: string } },
  device: string,
): ChipFacts {
  if (device === "cpu") return { name: machine.cpuName || device, chipClass: "cpu" };
  const index = GPU.exec(device)?.[1];
  const model = index === undefined ? undefined : gpus[Number(index)]?.model;
  return { name: model || device, chipClass: "gpu" };
}
