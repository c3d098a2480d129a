/**
 * Decides how an NVIDIA device counts as a meter: by its own register where it has one, else by
 * the power it gives. A device's sensor is tier C: it is nobody's revenue meter.
 */

import { Fault } from "../../contract/outcome.ts";
import type { Meter, MeterReading } from "../../ports/meter.ts";
import type { NvmlDevice, Told } from "./nvml-shapes.ts";
import { NVML, nvmlWords } from "./return-codes.ts";

/** A register that nothing can overrun is read seldom; power is a sample of its second. */
const READ_EVERY_MS = { register: 10_000, watts: 1_000 } as const;

/**
 * NVIDIA states ±5 W for power; measured errors are near 5 % for the register, and some boards'
 * power sees a quarter of the time, so that a sample may be off by twice that.
 * @source arXiv 2312.02741
 */
const UNCERTAINTY_PERCENT = { register: 5, watts: 10 } as const;

/** What a meter is made with. */
export interface NvmlMeterNeeds {
  /** Id of the device as `devices` names it. */
  readonly id: string;
  /** What changes when the driver was loaded anew, where that can be known. */
  readonly epoch: string | null;
  read(): Promise<Extract<Told, { kind: "energy" }> | undefined>;
}

/** A meter of a device; null for one that gives neither energy nor power. */
export function nvmlMeter(device: NvmlDevice, needs: NvmlMeterNeeds): Meter | null {
  if (!device.countsEnergy && !device.givesWatts) return null;
  const { greatest } = device.powerLimit;
  const means = device.countsEnergy ? "register" : "watts";
  return {
    identity: {
      id: `nvml-${device.uuid ?? device.pciId ?? device.index}`.slice(0, 64),
      role: "load",
      kind: device.countsEnergy ? "nvml-energy" : "power-sampled",
      tier: "C",
      boundary: "accelerators",
      device: needs.id,
      makeModel: device.name,
      serial: device.uuid,
      calibration: null,
      uncertaintyPercent: UNCERTAINTY_PERCENT[means],
      meterSigned: false,
      ...(greatest !== null && greatest >= 1 ? { nameplateWatts: greatest } : {}),
    },
    readEveryMs: READ_EVERY_MS[means],
    read: async () => readingOf(device, needs.epoch, await needs.read()),
    close: () => Promise.resolve(),
  };
}

function readingOf(
  device: NvmlDevice,
  epoch: string | null,
  told: Extract<Told, { kind: "energy" }> | undefined,
): MeterReading {
  if (told === undefined || told.code !== NVML.success) {
    const why = told === undefined ? "the driver does not answer" : nvmlWords(told.code);
    const facts = { device: device.uuid ?? device.name, why };
    throw new Fault("METERS_COUNTER", `${device.name}: ${why}`, facts);
  }
  const { atMs, millijoules, watts } = told;
  const register = millijoules === null ? null : { millijoules, wrapsAtMillijoules: null, epoch };
  return { atMs, register, watts, signature: null };
}
