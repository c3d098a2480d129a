/**
 * Decides what is read of a Linux machine in one go: every device that could compute, what the
 * system runs in, and which nodes are closed. Reads files only, runs no tool, opens no device.
 */

import { acceleratorDevices } from "./accelerator-devices.ts";
import { closedNodes, ownAccount } from "./device-nodes.ts";
import type { Account, ClosedNode } from "./device-nodes.ts";
import type { FoundDevice } from "./found-device.ts";
import { graphicsDevices, instinctDevices } from "./graphics-devices.ts";
import { kernelModules } from "./kernel-modules.ts";
import { nvidiaTraces } from "./nvidia-devices.ts";
import type { NvidiaTraces } from "./nvidia-devices.ts";
import { pciDevices } from "./pci-devices.ts";
import { surroundingsOf } from "./surroundings.ts";
import type { Surroundings } from "./surroundings.ts";
import { treeAt } from "./tree.ts";

/** What the tree shows. */
export interface MachineReading {
  /** Whether there is a bus to read; without one the system's own tools are asked. */
  readonly hasBus: boolean;
  readonly surroundings: Surroundings;
  readonly nvidia: NvidiaTraces;
  /** Devices of other makers. */
  readonly devices: readonly FoundDevice[];
  readonly closed: readonly ClosedNode[];
}

/** Nothing was read. */
export const NO_READING: MachineReading = {
  hasBus: false,
  surroundings: { container: null, virtual: null, processors: null, memoryBytes: null },
  nvidia: { devices: [], blocks: {}, nodes: [], isLikely: false },
  devices: [],
  closed: [],
};

/**
 * Reads the tree below a root.
 * @param root     the folder in which /sys, /proc, /dev and /etc stand
 * @param account  whose rights count; this process's where absent
 */
export function readMachine(root: string, account: Account | null = ownAccount()): MachineReading {
  const tree = treeAt(root);
  const around = surroundingsOf(tree);
  const modules = kernelModules(tree);
  const pci = pciDevices(tree);
  return {
    hasBus: pci.length > 0,
    surroundings: around,
    nvidia: nvidiaTraces(tree, pci, modules, around),
    devices: [
      ...graphicsDevices(tree, pci, modules, around),
      ...instinctDevices(tree, pci, modules, around),
      ...acceleratorDevices(tree, pci, modules, around),
    ],
    closed: closedNodes(root, account),
  };
}
