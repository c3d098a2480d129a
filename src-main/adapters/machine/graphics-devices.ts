/**
 * Decides what is said of the GPUs whose driver is part of the kernel: AMD's, Intel's, and the
 * screens of virtual machines.
 */

import { handIn } from "./container-flags.ts";
import { pciRecord } from "./found-device.ts";
import type { Block, FoundDevice } from "./found-device.ts";
import { MAKERS, screenName } from "./hardware-ids.ts";
import { blacklistWords } from "./kernel-modules.ts";
import type { KernelModules } from "./kernel-modules.ts";
import { kfdNodes } from "./kfd-nodes.ts";
import type { KfdNode } from "./kfd-nodes.ts";
import { handedOn } from "./nvidia-devices.ts";
import { below, fileOf, mayCompute } from "./pci-devices.ts";
import type { PciDevice } from "./pci-devices.ts";
import type { Surroundings } from "./surroundings.ts";
import { numberIn } from "./tree.ts";
import type { Tree } from "./tree.ts";

/** Drivers that compute, by maker; any other one of that maker only draws. */
const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  "1002": ["amdgpu"],
  "8086": ["i915", "xe"],
};

/** Management and virtual screens have no maker of GPUs; Hyper-V's is Microsoft's. */
const isScreen = ({ vendor }: PciDevice): boolean =>
  screenName(vendor) !== null || vendor === "1414";

/** One record for each display controller but NVIDIA's. */
export function graphicsDevices(
  tree: Tree,
  pci: readonly PciDevice[],
  modules: KernelModules,
  around: Surroundings,
): FoundDevice[] {
  const kfd = kfdNodes(tree);
  return pci
    .filter((one) => mayCompute(one) && one.class.startsWith("03"))
    .filter(({ vendor }) => vendor !== "10de")
    .flatMap((one) => {
      if (vendorDrivers(one) !== undefined) return [gpu(tree, one, modules, around, kfd)];
      return isScreen(one) ? [screen(one)] : [];
    });
}

/** AMD's Instinct devices call themselves processing accelerators. */
export function instinctDevices(
  tree: Tree,
  pci: readonly PciDevice[],
  modules: KernelModules,
  around: Surroundings,
): FoundDevice[] {
  const kfd = kfdNodes(tree);
  return pci
    .filter((one) => one.vendor === "1002" && one.class.startsWith("12"))
    .map((one) => gpu(tree, one, modules, around, kfd));
}

const vendorDrivers = ({ vendor }: PciDevice) =>
  Object.hasOwn(DRIVERS, vendor) ? DRIVERS[vendor] : undefined;

function screen(one: PciDevice): FoundDevice {
  if (one.driver === "dxgkrnl") return { ...plain(one), name: "GPU of Windows, through WSL" };
  const name = screenName(one.vendor) ?? "Virtual screen (Hyper-V)";
  const why = "Draws a screen only; it cannot compute.";
  const block: Block = { cause: "display-only", why, next: null };
  return { ...plain(one), name, vendor: MAKERS[one.vendor] ?? null, block };
}

const plain = (one: PciDevice) => pciRecord(one, { kind: "gpu" });

function gpu(
  tree: Tree,
  one: PciDevice,
  modules: KernelModules,
  around: Surroundings,
  kfd: readonly KfdNode[],
): FoundDevice {
  const base = plain(one);
  const node = kfd.find(({ place }) => place === one.place);
  const shown = below(tree, one, "drm").filter((name) => /^renderD\d+$/u.test(name));
  const nodes = shown
    .filter((name) => tree.has(`dev/dri/${name}`))
    .map((name) => `/dev/dri/${name}`);
  if (tree.has("dev/kfd") && one.vendor === "1002") nodes.push("/dev/kfd");
  return {
    ...base,
    name: fileOf(tree, one, "product_name") || base.name,
    memoryBytes:
      numberIn(fileOf(tree, one, "mem_info_vram_total")) ??
      numberIn(fileOf(tree, one, "lmem_total_bytes")) ??
      node?.memoryBytes ??
      null,
    uuid: fileOf(tree, one, "unique_id"),
    nodes,
    block: blockOf(tree, one, modules, around),
    note: node === undefined ? null : `AMD's compute driver lists it as ${node.architecture}`,
  };
}

function blockOf(
  tree: Tree,
  one: PciDevice,
  modules: KernelModules,
  { container }: Surroundings,
): Block | null {
  const wanted = vendorDrivers(one) ?? [];
  const [first = ""] = wanted;
  if (one.driver?.startsWith("vfio") === true) return handedOn(one.place, first);
  if (one.driver === null) return notLoaded(first, modules);
  if (!wanted.includes(one.driver)) {
    const why = `It is driven by ${one.driver}, which only draws.`;
    const next =
      "Add radeon.si_support=0 radeon.cik_support=0 amdgpu.si_support=1 amdgpu.cik_support=1 to " +
      "the kernel's command line.";
    return { cause: "wrong-driver", why, next: one.driver === "radeon" ? next : null };
  }
  if (tree.names("dev/dri").some((name) => name.startsWith("renderD"))) return null;
  if (container !== null) {
    const why = "Its driver runs, and this container was not given its render node.";
    const handed = one.vendor === "1002" ? "amd" : "render";
    return { cause: "container", why, next: handIn(container, handed) };
  }
  const why = "Its driver runs, and it has no render node in /dev/dri.";
  return { cause: "driver-failed", why, next: "Run sudo dmesg and look what its driver says." };
}

function notLoaded(module: string, modules: KernelModules): Block {
  const where = modules.blacklistedIn(module);
  if (where !== null) return { cause: "blacklisted", ...blacklistWords(module, where) };
  const firmware = module === "amdgpu" ? "firmware-amd-graphics" : "firmware-misc-nonfree";
  const install = `sudo apt-get install ${firmware}`;
  const next = `Run sudo modprobe ${module}; if it fails, ${install} and restart.`;
  return { cause: "no-driver", why: `Its driver ${module} is not loaded.`, next };
}
