/**
 * Decides what the doctor says of the machine's devices: where it runs, and of each device what
 * stands in its way and the command that mends it. Which of them are exact is another check's.
 */

import { accessSync, constants } from "node:fs";

import { takeInventory } from "../../adapters/machine/index.ts";
import type { Inventory, NvidiaAnswer } from "../../adapters/machine/index.ts";
import { limitCommand, openNvml } from "../../adapters/nvml/index.ts";
import type { NvmlDevice } from "../../adapters/nvml/index.ts";
import { MACHINE_ROOTS, powerCapFiles } from "../../adapters/telemetry/index.ts";
import type { DeviceCause } from "../../contract/control-api/device.ts";
import { attention, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

const CHECK = "devices";

/** Nothing is amiss with such a device, and nobody could mend it. */
const AS_IT_IS: readonly DeviceCause[] = ["no-engine", "display-only"];

/** A card with a limit of power of its own, and whether this account may set it. */
export interface SettableLimit {
  readonly name: string;
  readonly maySet: boolean;
  /** What sets it; WATTS stands for the number. */
  readonly command: string;
}

/** What was seen of the machine. */
export interface Look extends Inventory {
  readonly limits?: readonly SettableLimit[];
}

/** Looks at the machine now, with NVIDIA's library where there is a trace of such a device. */
export async function checkDevices(
  look: () => Promise<Look> = lookOnce,
): Promise<readonly Finding[]> {
  const { machine, gpus, others = [], closed, incomplete, limits = [] } = await look();
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
  const own = limits.map(limitFinding);
  return [ok(CHECK, `${count}${where}`), ...blocked, ...closedNodes, ...missing, ...own];
}

/** Nothing is amiss where root alone sets it: a cap is then kept by rests between steps. */
function limitFinding({ name, maySet, command }: SettableLimit): Finding {
  const text = maySet
    ? "a cap of watts is kept by the card itself, which is given back what it had"
    : "a cap of watts is kept by rests between steps; the card's own limit is set by root alone, " +
      `until the machine starts again: ${command}`;
  return ok(CHECK, `${name}: ${text}`);
}

/** Opens NVIDIA's library for this one look and closes it. */
async function lookOnce(): Promise<Look> {
  const limits: SettableLimit[] = [];
  const nvidia = async (): Promise<NvidiaAnswer> => {
    const opening = await openNvml();
    if (opening.state === "absent") return opening;
    const { driverVersion, devices } = opening.nvml.listing;
    opening.nvml.close();
    limits.push(...devices.flatMap(limitOf));
    return { state: "listed", driverVersion, devices };
  };
  const inventory = await takeInventory(undefined, undefined, { nvidia });
  const files = powerCapFiles(MACHINE_ROOTS.system).map(({ place, file }) => ({
    name: inventory.gpus.find(({ pciId }) => pciId === place)?.model ?? `card at ${place}`,
    maySet: mayWrite(file),
    command: `echo WATTS000000 | sudo tee ${file}`,
  }));
  return { ...inventory, limits: [...limits, ...files] };
}

/** NVIDIA's driver lets root alone; a card without bounds, or cut into parts, is not told. */
function limitOf({ name, uuid, mig, powerLimit }: NvmlDevice): SettableLimit[] {
  if (uuid === null || mig?.isOn === true || powerLimit.greatest === null) return [];
  return [{ name, maySet: process.getuid?.() === 0, command: limitCommand(uuid, "WATTS") }];
}

function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
