/**
 * Decides which numbers on the PCI and USB bus are devices that could compute, and what they are
 * called where no driver names them. Google's number is also that of its network and disk devices
 * in its cloud, so that a TPU is known by its device number.
 * @source jax/_src/hardware_utils.py, tpu-info, pci.ids, linux drivers/accel
 */

import type { DeviceKind } from "../../contract/control-api/device.ts";

const GIB = 1_073_741_824;

/** A kind of TPU. */
export interface TpuChip {
  readonly name: string;
  readonly memoryBytes: number;
  /** How its driver hands it out: as /dev/accelN, or through VFIO as /dev/vfio/N. */
  readonly nodes: "accel" | "vfio";
}

export const GOOGLE = "1ae0";

/** Memory of each chip; the first number is shared by two kinds that differ in the subsystem. */
export function tpuChip(device: string, subsystem: string): TpuChip | null {
  const chip = (name: string, gibibytes: number, nodes: TpuChip["nodes"]): TpuChip => ({
    name: `Google TPU ${name}`,
    memoryBytes: gibibytes * GIB,
    nodes,
  });
  if (device === "0027")
    return chip(subsystem === "004f" ? "v3" : "v2", subsystem === "004f" ? 16 : 8, "accel");
  const chips: Readonly<Record<string, TpuChip>> = {
    "005e": chip("v4", 32, "accel"),
    "0063": chip("v5e", 16, "vfio"),
    "0062": chip("v5p", 95, "vfio"),
    "006f": chip("v6e", 32, "vfio"),
    "0076": chip("7x", 192, "vfio"),
  };
  return chips[device] ?? null;
}

/** Makers by their number on the PCI bus. */
export const MAKERS: Readonly<Record<string, string>> = {
  "10de": "NVIDIA",
  "1002": "AMD",
  "1022": "AMD",
  "8086": "Intel",
  "1ae0": "Google",
  "1ac1": "Google",
  "1da3": "Habana",
  "1e60": "Hailo",
  "1414": "Microsoft",
};

/** Devices whose number says what they are although their class does not. */
const KNOWN: Readonly<Record<string, { readonly kind: DeviceKind; readonly name: string }>> = {
  "1ac1:089a": { kind: "coral", name: "Coral Edge TPU (PCIe)" },
  "8086:7d1d": { kind: "npu", name: "Intel NPU (Meteor Lake)" },
  "8086:ad1d": { kind: "npu", name: "Intel NPU (Arrow Lake)" },
  "8086:643e": { kind: "npu", name: "Intel NPU (Lunar Lake)" },
  "8086:b03e": { kind: "npu", name: "Intel NPU (Panther Lake)" },
  "1022:1502": { kind: "npu", name: "AMD NPU (XDNA, Phoenix and Hawk Point)" },
  "1022:17f0": { kind: "npu", name: "AMD NPU (XDNA 2, Strix)" },
};

/** The kind and name of a device known by its number, as "vendor:device". */
export function knownDevice(
  id: string,
): { readonly kind: DeviceKind; readonly name: string } | null {
  return KNOWN[id] ?? null;
}

/** Coral sticks change their number when their firmware has been loaded: the same stick. */
export const CORAL_STICKS: Readonly<Record<string, string>> = {
  "1a6e:089a": "Coral USB Accelerator (before its first use)",
  "18d1:9302": "Coral USB Accelerator",
};

/** Adapters that only draw a screen: those of virtual machines and of server management. */
const SCREENS: Readonly<Record<string, string>> = {
  "1234": "Virtual screen (Bochs)",
  "1af4": "Virtual screen (virtio)",
  "1b36": "Virtual screen (QXL)",
  "1013": "Virtual screen (Cirrus)",
  "15ad": "Virtual screen (VMware)",
  "80ee": "Virtual screen (VirtualBox)",
  "1a03": "Server management screen (ASPEED)",
  "102b": "Server management screen (Matrox)",
};

/** What a maker of screens calls its adapter; null for one whose adapters may compute. */
export function screenName(vendor: string): string | null {
  return SCREENS[vendor] ?? null;
}

/** Names of frequent devices, for a machine whose driver is missing. */
const NAMES: Readonly<Record<string, string>> = {
  "10de:20b0": "NVIDIA A100-SXM4-40GB",
  "10de:20b2": "NVIDIA A100-SXM4-80GB",
  "10de:20b5": "NVIDIA A100 80GB PCIe",
  "10de:20f1": "NVIDIA A100-PCIE-40GB",
  "10de:1db6": "NVIDIA Tesla V100-PCIE-32GB",
  "10de:1eb8": "NVIDIA Tesla T4",
  "10de:2236": "NVIDIA A10",
  "10de:26b5": "NVIDIA L40",
  "10de:26b9": "NVIDIA L40S",
  "10de:27b8": "NVIDIA L4",
  "10de:2330": "NVIDIA H100 80GB HBM3",
  "10de:2331": "NVIDIA H100 PCIe",
  "10de:2335": "NVIDIA H200",
  "10de:2901": "NVIDIA B200",
  "10de:2204": "NVIDIA GeForce RTX 3090",
  "10de:2503": "NVIDIA GeForce RTX 3060",
  "10de:2684": "NVIDIA GeForce RTX 4090",
  "10de:2786": "NVIDIA GeForce RTX 4070",
  "10de:2b85": "NVIDIA GeForce RTX 5090",
  "1002:740f": "AMD Instinct MI210",
  "1002:7408": "AMD Instinct MI250X",
  "1002:74a1": "AMD Instinct MI300X",
  "1002:744c": "AMD Radeon RX 7900 XT/XTX",
  "1002:73bf": "AMD Radeon RX 6800/6900 XT",
  "1002:1638": "AMD Radeon Vega (Cezanne)",
  "1002:15bf": "AMD Radeon 780M",
  "8086:56a0": "Intel Arc A770",
  "8086:56a5": "Intel Arc A380",
  "8086:e20b": "Intel Arc B580",
  "8086:7d55": "Intel Arc Graphics (Meteor Lake)",
  "8086:3e92": "Intel UHD Graphics 630",
  "8086:0bd5": "Intel Data Center GPU Max 1550",
};

/** What a device is called: its known name, else maker and number. */
export function pciName(id: string): string {
  const [vendor = ""] = id.split(":");
  return NAMES[id] ?? `${MAKERS[vendor] ?? "Unknown"} device ${id}`;
}
