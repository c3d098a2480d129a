/**
 * Decides what the doctor says of the machine's devices: where it runs, and of each device what
 * stands in its way and the command that mends it. Which of them are exact is another check's.
 */

import { takeInventory } from "../../adapters/machine/index.ts";
import type { Inventory, NvidiaAnswer } from "../../adapters/machine/index.ts";
import { openNvml } from "../../adapters/nvml/index.ts";
import type { DeviceCause } from "../../contract/control-api/device.ts";
import { attention, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

const CHECK = "devices";

/** Nothing is amiss with such a device, and nobody could mend it. */
const AS_IT_IS: readonly DeviceCause[] = ["no-engine", "display-only"];

/** Looks at the machine now, with NVIDIA's library where there is a trace of such a device. */
export async function checkDevices(
  look: () => Promise<Inventory> = lookOnce,
): Promise<readonly Finding[]> {
  const { machine, gpus, others = [], closed, incomplete } = await look();
  const where = machine.surroundings.length === 0 ? "" : `; ${machine.surroundings.join(", ")}`;
  const closedNodes = closed.map(({ path, owner, next }) =>
    attention(CHECK, `this account may not open ${path} (${owner})`, next),
  );
  const named = [
    ...gpus.map(({ model, block = null }) => ({ name: model, block })),
    ...others.map(({ name, block }) => ({ name, block })),
  ];
  const blocked = named.flatMap(({ name, block }) => {
    if (block === null) return [];
    const text = `${name}: ${block.why}`;
    if (block.next === null || AS_IT_IS.includes(block.cause)) return [ok(CHECK, text)];
    return [attention(CHECK, text, block.next)];
  });
  const missing = incomplete.map((probe) =>
    attention(CHECK, `${probe} could not be read in time`, "Look again with vivian doctor."),
  );
  const count = named.length === 0 ? "no accelerator" : `accelerators: ${named.length}`;
  return [ok(CHECK, `${count}${where}`), ...blocked, ...closedNodes, ...missing];
}

/** Opens NVIDIA's library for this one look and closes it. */
async function lookOnce(): Promise<Inventory> {
  const nvidia = async (): Promise<NvidiaAnswer> => {
    const opening = await openNvml();
    if (opening.state === "absent") return opening;
    const { driverVersion, devices } = opening.nvml.listing;
    opening.nvml.close();
    return { state: "listed", driverVersion, devices };
  };
  return takeInventory(undefined, undefined, { nvidia });
}
