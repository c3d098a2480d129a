/**
 * Decides what is read of the driver and of each NVIDIA device once, when the library is opened.
 * @source NVIDIA NVML API reference: names, sizes and layouts of nvml.h
 */

import type { Called, DeviceHandle, NvmlLibrary } from "./load-library.ts";
import type { NvmlAbsence, NvmlDevice, NvmlListing, Opened } from "./nvml-shapes.ts";
import { NVML, isLost, nvmlWords } from "./return-codes.ts";

/** Devices of one machine at most: the driver's own bound is 64 and less. */
const DEVICES_MAX = 64;

/** NVML_DEVICE_NAME_V2_BUFFER_SIZE and NVML_DEVICE_UUID_V2_BUFFER_SIZE are 96; versions 80. */
const TEXT_BYTES = 96;

/** nvmlPciInfo_t: 16 bytes of an old address, five numbers, 32 bytes of the address. */
const PCI_BYTES = 16 + 5 * 4 + 32;
const PCI_DEVICE_ID_AT = 16 + 3 * 4;
const PCI_ADDRESS_AT = 16 + 5 * 4;

/** NVML_TEMPERATURE_THRESHOLD_SLOWDOWN. */
const SLOWDOWN = 1;

const LEFT_OUT = "its driver hung when it was asked";

/** A device that answered to its number. */
export interface OpenDevice {
  readonly device: NvmlDevice;
  readonly handle: DeviceHandle | null;
  /** Whether it hung before and is asked nothing. */
  readonly isLeftOut: boolean;
}

/** The library after it was started. */
export interface OpenDriver {
  readonly listing: NvmlListing;
  readonly devices: readonly OpenDevice[];
}

/** How they are listed. */
export interface ListingWish {
  /** Numbers of devices that are asked nothing. */
  readonly without: readonly number[];
  /** Told a device's number before it is asked the first thing. */
  readonly asking: (index: number) => void;
}

/** Starts the library and lists its devices. */
export function readDevices(
  library: NvmlLibrary,
  { without, asking }: ListingWish,
): OpenDriver | Opened {
  const started = library.call("nvmlInit_v2", []);
  if (started.code !== NVML.success) return absent(started.code);
  const counted = library.call("nvmlDeviceGetCount_v2", [4]);
  if (!("value" in counted)) return absent(counted.code);
  const count = Math.min(counted.value[0].readUInt32LE(0), DEVICES_MAX);
  const devices = Array.from({ length: count }, (_, index): OpenDevice => {
    if (without.includes(index)) {
      return { device: unreadable(index, LEFT_OUT), handle: null, isLeftOut: true };
    }
    asking(index);
    return openDevice(library, index);
  });
  return {
    listing: {
      driverVersion: textOf(library.call("nvmlSystemGetDriverVersion", [TEXT_BYTES], TEXT_BYTES)),
      cudaVersion: cudaVersion(library),
      devices: devices.map(({ device }) => device),
    },
    devices,
  };
}

function absent(code: number): Opened {
  const reasons: Readonly<Record<number, NvmlAbsence>> = {
    [NVML.driverNotLoaded]: "no-driver",
    [NVML.mismatch]: "mismatch",
    [NVML.noPermission]: "no-permission",
  };
  return { kind: "absent", reason: reasons[code] ?? "failed", why: nvmlWords(code) };
}

function openDevice(library: NvmlLibrary, index: number): OpenDevice {
  const opened = library.handle("nvmlDeviceGetHandleByIndex_v2", index);
  if (!("value" in opened)) {
    const device = unreadable(index, nvmlWords(opened.code));
    return { device, handle: null, isLeftOut: false };
  }
  const device = readDevice(library, index, opened.value);
  return { device, handle: opened.value, isLeftOut: false };
}

function unreadable(index: number, fault: string): NvmlDevice {
  return {
    index,
    name: `NVIDIA device ${index}`,
    uuid: null,
    pciId: null,
    pciDeviceId: null,
    memoryBytes: null,
    computeCapability: null,
    mig: null,
    powerLimit: { current: null, factory: null, least: null, greatest: null },
    countsEnergy: false,
    givesWatts: false,
    slowdownCelsius: null,
    fault,
  };
}

function readDevice(library: NvmlLibrary, index: number, handle: DeviceHandle): NvmlDevice {
  const name = library.ask("nvmlDeviceGetName", handle, [], [TEXT_BYTES], [TEXT_BYTES]);
  const uuid = library.ask("nvmlDeviceGetUUID", handle, [], [TEXT_BYTES], [TEXT_BYTES]);
  const pci = library.ask("nvmlDeviceGetPciInfo_v3", handle, [], [PCI_BYTES]);
  const memory = library.ask("nvmlDeviceGetMemoryInfo", handle, [], [24]);
  const capability = library.ask("nvmlDeviceGetCudaComputeCapability", handle, [], [4, 4]);
  const energy = library.ask("nvmlDeviceGetTotalEnergyConsumption", handle, [], [8]);
  const power = library.ask("nvmlDeviceGetPowerUsage", handle, [], [4]);
  const hot = library.ask("nvmlDeviceGetTemperatureThreshold", handle, [SLOWDOWN], [4]);
  const known = unreadable(index, "");
  return {
    ...known,
    name: textOf(name) ?? known.name,
    uuid: textOf(uuid),
    ...("value" in pci ? pciOf(pci.value[0]) : {}),
    memoryBytes: "value" in memory ? Number(memory.value[0].readBigUInt64LE(0)) : null,
    computeCapability:
      "value" in capability
        ? { major: capability.value[0].readInt32LE(0), minor: capability.value[1].readInt32LE(0) }
        : null,
    mig: migOf(library, handle),
    powerLimit: powerLimitOf(library, handle),
    countsEnergy: energy.code === NVML.success,
    givesWatts: power.code === NVML.success,
    slowdownCelsius: numberOf(hot),
    fault: [name, memory, power].some(({ code }) => isLost(code))
      ? nvmlWords(NVML.gpuIsLost)
      : null,
  };
}

function pciOf(info: Buffer): Pick<NvmlDevice, "pciId" | "pciDeviceId"> {
  const address = cText(info.subarray(PCI_ADDRESS_AT)).toLowerCase();
  // NVML writes the domain with eight digits, sysfs with four (five where a domain needs them).
  const pciId = address.replace(/^0000([0-9a-f]{4}:)/u, "$1");
  return { pciId, pciDeviceId: info.readUInt32LE(PCI_DEVICE_ID_AT) };
}

function migOf(library: NvmlLibrary, handle: DeviceHandle): NvmlDevice["mig"] {
  const mode = library.ask("nvmlDeviceGetMigMode", handle, [], [4, 4]);
  if (!("value" in mode)) return null;
  const isOn = mode.value[0].readUInt32LE(0) === 1;
  const most = numberOf(library.ask("nvmlDeviceGetMaxMigDeviceCount", handle, [], [4])) ?? 0;
  const found = Array.from({ length: isOn ? Math.min(most, DEVICES_MAX) : 0 }, (_, index) =>
    library.handle("nvmlDeviceGetMigDeviceHandleByIndex", index, handle),
  );
  return { isOn, instances: found.filter((one) => "value" in one).length };
}

function powerLimitOf(library: NvmlLibrary, handle: DeviceHandle): NvmlDevice["powerLimit"] {
  const watts = (name: string) => {
    const milliwatts = numberOf(library.ask(name, handle, [], [4]));
    return milliwatts === null ? null : milliwatts / 1_000;
  };
  const between = "nvmlDeviceGetPowerManagementLimitConstraints";
  const bounds = library.ask(between, handle, [], [4, 4]);
  return {
    current: watts("nvmlDeviceGetPowerManagementLimit"),
    factory: watts("nvmlDeviceGetPowerManagementDefaultLimit"),
    least: "value" in bounds ? bounds.value[0].readUInt32LE(0) / 1_000 : null,
    greatest: "value" in bounds ? bounds.value[1].readUInt32LE(0) / 1_000 : null,
  };
}

/** 13000 is 13.0, 12080 is 12.8. */
function cudaVersion(library: NvmlLibrary): string | null {
  const version = numberOf(library.call("nvmlSystemGetCudaDriverVersion_v2", [4]));
  return version === null ? null : `${Math.trunc(version / 1_000)}.${(version % 1_000) / 10}`;
}

/** The 32-bit number that a call wrote; null where it gave none. */
export function numberOf(called: Called<Buffer[]>): number | null {
  return "value" in called ? called.value[0].readUInt32LE(0) : null;
}

function textOf(called: Called<Buffer[]>): string | null {
  return "value" in called ? cText(called.value[0]) : null;
}

function cText(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end).trim();
}
