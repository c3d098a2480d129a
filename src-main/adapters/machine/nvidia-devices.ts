/**
 * Decides what is said of NVIDIA's devices: what the bus shows and what NVIDIA's library says of
 * them, joined by their place; where the library says nothing, why, and what mends it.
 */

import { handIn } from "./container-flags.ts";
import { BARE_DEVICE } from "./found-device.ts";
import type { Block, FoundDevice } from "./found-device.ts";
import { pciName } from "./hardware-ids.ts";
import { blacklistWords } from "./kernel-modules.ts";
import type { KernelModules } from "./kernel-modules.ts";
import { mayCompute } from "./pci-devices.ts";
import type { PciDevice } from "./pci-devices.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Tree } from "./tree.ts";

/** What the machine room needs of NVIDIA's library; `adapters/nvml` answers in this shape. */
export type NvidiaAnswer =
  | {
      readonly state: "listed";
      readonly driverVersion: string | null;
      readonly devices: readonly NvidiaDevice[];
    }
  | {
      readonly state: "absent";
      readonly reason: string;
      readonly why: string;
      readonly next: string;
    };

/** A device as the library names it. */
export interface NvidiaDevice {
  readonly name: string;
  readonly uuid: string | null;
  readonly pciId: string | null;
  readonly memoryBytes: number | null;
  readonly computeCapability: { readonly major: number; readonly minor: number } | null;
  readonly mig: { readonly isOn: boolean; readonly instances: number } | null;
  readonly fault: string | null;
}

/** What the tree shows of NVIDIA; the library is asked only where there is something. */
export interface NvidiaTraces {
  readonly devices: readonly PciDevice[];
  /** Why the device at a place does not compute, by the tree alone. */
  readonly blocks: Readonly<Record<string, Block>>;
  readonly nodes: readonly string[];
  /** Whether the library can be there: a device, a node, or WSL's. */
  readonly isLikely: boolean;
}

const NODE = /^nvidia\d+$/u;

/** Reads the tree. */
export function nvidiaTraces(
  tree: Tree,
  pci: readonly PciDevice[],
  modules: KernelModules,
  around: Surroundings,
): NvidiaTraces {
  const devices = pci.filter((one) => one.vendor === "10de" && mayCompute(one));
  const nodes = tree.names("dev").filter((name) => NODE.test(name));
  const blocks = devices.flatMap((device) => {
    const block = blockOf(device, nodes.length > 0, modules, around);
    return block === null ? [] : [[device.place, block] as const];
  });
  return {
    devices,
    blocks: Object.fromEntries(blocks),
    nodes: nodes.map((name) => `/dev/${name}`),
    isLikely: devices.length > 0 || nodes.length > 0 || tree.has("dev/dxg"),
  };
}

const INSTALL =
  "Install NVIDIA's driver (Debian: sudo apt-get install nvidia-driver; Ubuntu: " +
  "sudo ubuntu-drivers install), then restart.";

function blockOf(
  { place, driver }: PciDevice,
  hasNodes: boolean,
  modules: KernelModules,
  { container }: Surroundings,
): Block | null {
  if (driver?.startsWith("vfio") === true) return handedOn(place, "nvidia");
  if (hasNodes) return null;
  if (driver === "nouveau") {
    const why = "It is driven by nouveau, which cannot compute.";
    return { cause: "wrong-driver", why, next: INSTALL };
  }
  if (driver === "nvidia" || modules.isLoaded("nvidia")) {
    if (container !== null) {
      const why = "Its driver is loaded, and this container was not given the device.";
      return { cause: "container", why, next: handIn(container, "nvidia") };
    }
    const why = "Its driver is loaded, and its nodes in /dev are missing.";
    return { cause: "driver-failed", why, next: "Run sudo nvidia-modprobe -c0 -u." };
  }
  return notLoaded(modules);
}

function notLoaded(modules: KernelModules): Block {
  const where = modules.blacklistedIn("nvidia");
  if (where !== null) {
    return { cause: "blacklisted", ...blacklistWords("nvidia", where) };
  }
  const withoutNouveau = modules.blacklistedIn("nouveau");
  if (withoutNouveau !== null) {
    const why =
      `nouveau is blacklisted in ${withoutNouveau}, and NVIDIA's driver is not loaded: it was ` +
      "not built for this kernel, or Secure Boot refused it.";
    const next =
      "Run sudo modprobe nvidia and mend what it says (dkms status, mokutil --sb-state).";
    return { cause: "no-driver", why, next };
  }
  return { cause: "no-driver", why: "No driver for it is loaded.", next: INSTALL };
}

/** A device that is kept for a virtual machine. */
export function handedOn(place: string, module: string): Block {
  return {
    cause: "handed-on",
    why: "It is bound to vfio-pci: kept for a virtual machine.",
    next:
      `To use it here: echo ${place} | sudo tee /sys/bus/pci/drivers/vfio-pci/unbind, then ` +
      `sudo modprobe ${module}.`,
  };
}

/** One record for each device: those of the bus in their order, then those only the library has. */
export function nvidiaDevices(traces: NvidiaTraces, answer: NvidiaAnswer | null): FoundDevice[] {
  const listed = answer?.state === "listed" ? answer.devices : [];
  const driver =
    answer?.state === "listed" && answer.driverVersion !== null
      ? `nvidia ${answer.driverVersion}`
      : null;
  const ofBus = traces.devices.map((device) => {
    const said = listed.find(({ pciId }) => pciId === device.place);
    const id = `${device.vendor}:${device.device}`;
    const plain: FoundDevice = {
      ...BARE,
      name: pciName(id),
      driver: device.driver,
      pciId: device.place,
      hardwareId: id,
      nodes: traces.nodes,
      block: traces.blocks[device.place] ?? null,
    };
    if (said !== undefined) return withAnswer({ ...plain, block: null }, said, driver);
    return { ...plain, block: plain.block ?? unansweredBlock(answer) };
  });
  const places = traces.devices.map(({ place }) => place);
  const others = listed.filter(({ pciId }) => pciId === null || !places.includes(pciId));
  return [...ofBus, ...others.map((said) => withAnswer(BARE, said, driver))];
}

const BARE: FoundDevice = {
  ...BARE_DEVICE,
  kind: "gpu",
  name: "NVIDIA device",
  vendor: "NVIDIA",
};

function withAnswer(plain: FoundDevice, said: NvidiaDevice, driver: string | null): FoundDevice {
  const { name, uuid, memoryBytes, computeCapability, mig, fault } = said;
  const cut = mig?.isOn === true ? `; cut into ${mig.instances} MIG instances` : "";
  const capability =
    computeCapability === null
      ? null
      : `CUDA compute capability ${computeCapability.major}.${computeCapability.minor}${cut}`;
  const next = "Restart the machine; if it happens again, look at its power and its slot.";
  return {
    ...plain,
    name,
    uuid,
    memoryBytes,
    driver: driver ?? plain.driver,
    pciId: plain.pciId ?? said.pciId,
    block: fault === null ? null : { cause: "lost", why: `Its driver says: ${fault}.`, next },
    note: capability,
  };
}

function unansweredBlock(answer: NvidiaAnswer | null): Block | null {
  if (answer === null) return null;
  if (answer.state === "listed") {
    const why = "NVIDIA's library does not list it, although its driver runs.";
    return { cause: "driver-failed", why, next: "Run nvidia-smi -q and sudo dmesg, and mend it." };
  }
  const cause = answer.reason === "no-permission" ? "permission" : "driver-failed";
  return { cause, why: `NVIDIA's library does not answer: ${answer.why}.`, next: answer.next };
}
