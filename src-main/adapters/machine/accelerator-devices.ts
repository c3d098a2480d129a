/**
 * Decides what is said of accelerators that are no GPUs: Google's TPUs and Coral devices, NPUs, and
 * those of other makers. None of them trains in this version; each says why and what it could do.
 */

import { handIn } from "./container-flags.ts";
import type { Handed } from "./container-flags.ts";
import { pciRecord } from "./found-device.ts";
import type { Block, FoundDevice } from "./found-device.ts";
import { CORAL_STICKS, GOOGLE, knownDevice, tpuChip } from "./hardware-ids.ts";
import type { TpuChip } from "./hardware-ids.ts";
import { blacklistWords } from "./kernel-modules.ts";
import type { KernelModules } from "./kernel-modules.ts";
import type { PciDevice } from "./pci-devices.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Tree } from "./tree.ts";

const TPU_NOTE =
  "This version does not train on TPUs. With libtpu, vivian doctor --pjrt PATH lists the chips " +
  "and checks the exact int8 product on one.";

const TPU_WITHOUT_LIBRARY = "Install libtpu: pip install libtpu, then vivian doctor --pjrt PATH.";

/** Everything on the two buses that is neither a GPU nor a screen. */
export function acceleratorDevices(
  tree: Tree,
  pci: readonly PciDevice[],
  modules: KernelModules,
  around: Surroundings,
): FoundDevice[] {
  return [
    ...tpuDevices(tree, pci, around),
    ...coralDevices(tree, pci, modules, around),
    ...npuDevices(tree, pci, modules, around),
    ...otherDevices(pci),
  ];
}

function noEngine(why: string, next: string | null = null): Block {
  return { cause: "no-engine", why, next };
}

function tpuDevices(tree: Tree, pci: readonly PciDevice[], around: Surroundings): FoundDevice[] {
  const chips = pci.flatMap((one) => {
    const chip = one.vendor === GOOGLE ? tpuChip(one.device, one.subsystem) : null;
    return chip === null ? [] : [{ one, chip }];
  });
  const accel = nodesOf(tree, "dev", /^accel\d+$/u, "accel");
  const groups = nodesOf(tree, "dev/vfio", /^\d+$/u, "vfio");
  return chips.map(({ one, chip }) => {
    const nodes = chip.nodes === "accel" ? accel : groups;
    const { name, memoryBytes } = chip;
    const block = nodes.length === 0 ? noTpuNode(chip, around) : noEngine(TPU_NOTE, tpuNext(tree));
    return pciRecord(one, { kind: "tpu", name, memoryBytes, nodes, block });
  });
}

/** Names of nodes; chips up to v4 stand in /dev itself or in /dev/accel. */
function nodesOf(tree: Tree, folder: string, name: RegExp, kind: "accel" | "vfio"): string[] {
  const found = tree.names(folder).filter((each) => name.test(each));
  const deeper = kind === "accel" ? tree.names("dev/accel").filter((each) => name.test(each)) : [];
  return [
    ...found.map((each) => `/${folder}/${each}`),
    ...deeper.map((each) => `/dev/accel/${each}`),
  ];
}

function noTpuNode({ nodes }: TpuChip, { container }: Surroundings): Block {
  const handed: Handed = nodes === "accel" ? "tpu-accel" : "tpu-vfio";
  const path = nodes === "accel" ? "/dev/accel0" : "/dev/vfio/0";
  if (container !== null) {
    const why = `The chip is here, and this container was not given ${path}.`;
    return { cause: "container", why, next: handIn(container, handed) };
  }
  const why = `The chip is on the bus, and its node ${path} is missing.`;
  const next =
    nodes === "accel"
      ? "Use a machine image with Google's TPU driver (tpu-ubuntu2204-base)."
      : "Run sudo modprobe vfio-pci; the machine image tpu-ubuntu2204-base binds the chip to it.";
  return { cause: "no-driver", why, next };
}

/** Where Google's images and its package put the library. */
const LIBTPU = ["lib/libtpu.so", "usr/lib/libtpu.so", "usr/local/lib/libtpu.so"];

function tpuNext(tree: Tree): string {
  const file = LIBTPU.find((each) => tree.has(each));
  return file === undefined ? TPU_WITHOUT_LIBRARY : `Run vivian doctor --pjrt /${file}.`;
}

const CORAL_NOTE =
  "It runs finished int8 models of TensorFlow Lite only: no training, and no use here.";

function coralDevices(
  tree: Tree,
  pci: readonly PciDevice[],
  modules: KernelModules,
  around: Surroundings,
): FoundDevice[] {
  const nodes = nodesOf(tree, "dev", /^apex_\d+$/u, "vfio");
  const cards = pci
    .filter(({ vendor, device }) => knownDevice(`${vendor}:${device}`)?.kind === "coral")
    .map((one) => {
      const name = knownDevice(`${one.vendor}:${one.device}`)?.name ?? "Coral Edge TPU";
      const block = nodes.length > 0 ? noEngine(CORAL_NOTE) : noApexNode(modules, around);
      return pciRecord(one, { kind: "coral", name, nodes, block });
    });
  const sticks = tree.names("sys/bus/usb/devices").flatMap((place) => {
    const at = `sys/bus/usb/devices/${place}`;
    const id = `${tree.text(`${at}/idVendor`) ?? ""}:${tree.text(`${at}/idProduct`) ?? ""}`;
    if (!Object.hasOwn(CORAL_STICKS, id)) return [];
    const stick: FoundDevice = {
      ...pciRecord({ place, vendor: "", device: "", subsystem: "", class: "", driver: null }, {}),
      kind: "coral",
      name: CORAL_STICKS[id],
      vendor: "Google",
      pciId: null,
      hardwareId: id,
      block: noEngine(CORAL_NOTE),
    };
    return [stick];
  });
  return [...cards, ...sticks];
}

function noApexNode(modules: KernelModules, { container }: Surroundings): Block {
  if (modules.isLoaded("apex") && container !== null) {
    const why = "Its driver runs, and this container was not given /dev/apex_0.";
    return { cause: "container", why, next: handIn(container, "apex") };
  }
  const why = `Its driver apex is not loaded. ${CORAL_NOTE}`;
  return { cause: "no-driver", why, next: null };
}

const NPU_NOTE =
  "It runs finished models in its maker's own form; there is no exact engine for it.";

const NPU_DRIVERS: Readonly<Record<string, string>> = { "8086": "intel_vpu", "1022": "amdxdna" };

function npuDevices(
  tree: Tree,
  pci: readonly PciDevice[],
  modules: KernelModules,
  { container }: Surroundings,
): FoundDevice[] {
  const nodes = nodesOf(tree, "dev/accel", /^accel\d+$/u, "vfio");
  return pci.flatMap((one) => {
    const known = knownDevice(`${one.vendor}:${one.device}`);
    if (known?.kind !== "npu") return [];
    const { kind, name } = known;
    const module = NPU_DRIVERS[one.vendor] ?? "";
    if (nodes.length > 0) return [pciRecord(one, { kind, name, nodes, block: noEngine(NPU_NOTE) })];
    if (one.driver !== null && container !== null) {
      const why = "Its driver runs, and this container was not given /dev/accel.";
      const next = handIn(container, "accel");
      return [pciRecord(one, { kind, name, block: { cause: "container", why, next } })];
    }
    const where = modules.blacklistedIn(module);
    if (where !== null) {
      const block = { cause: "blacklisted", ...blacklistWords(module, where) } as const;
      return [pciRecord(one, { kind, name, block })];
    }
    const why = `Its driver ${module} is not loaded. ${NPU_NOTE}`;
    return [pciRecord(one, { kind, name, block: { cause: "no-driver", why, next: null } })];
  });
}

function otherDevices(pci: readonly PciDevice[]): FoundDevice[] {
  const isOther = (one: PciDevice) =>
    /^(12|0b40)/u.test(one.class) &&
    !["1002", "10de", GOOGLE].includes(one.vendor) &&
    knownDevice(`${one.vendor}:${one.device}`) === null;
  const why = "An accelerator for which this version has no exact engine.";
  return pci.filter(isOther).map((one) => pciRecord(one, { block: noEngine(why) }));
}
