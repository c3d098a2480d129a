/**
 * Decides what `vivian bench` measures: the processor with the engine a miner would use here, on
 * one thread and on all that mining would take. A device that is not exact earns nothing, so its
 * speed is not told.
 */

import { cpus } from "node:os";

import { loadAddon } from "../../adapters/native-engine/addon.ts";
import {
  createNativeBackend,
  nativeBackends,
  selfCheck,
} from "../../adapters/native-engine/index.ts";
import { ReferenceBackend } from "../../engine/index.ts";
import { measureDevice } from "../../miner/index.ts";
import type { DeviceRates, MeasureOptions } from "../../miner/index.ts";

/** One way of computing on a device. */
export interface DeviceBench {
  readonly device: string;
  readonly name: string;
  readonly engine: string;
  readonly variant: string;
  /** Ops whose bytes are not the reference's; none where it is exact. */
  readonly wrongOps: readonly string[];
  /** Null where it is not exact. */
  readonly rates: DeviceRates | null;
}

/** What was measured of the machine. */
export interface MachineBench {
  readonly devices: readonly DeviceBench[];
  /** Why the native engine is missing; null where it is here. */
  readonly nativeAbsent: string | null;
  /** Bytes a second of one thread; null without the native engine. */
  readonly memoryBytesPerSecond: number | null;
}

/** Long enough for a steady median, a few seconds over all. */
const NATIVE: MeasureOptions = { productSize: 1_024, eachMs: 300 };

/** The reference takes a hundred times as long for the same. */
const REFERENCE: MeasureOptions = { productSize: 256, eachMs: 100 };

/** Measures the machine. @param threads  what mining would take */
export async function benchDevices(threads: number): Promise<MachineBench> {
  const processor = cpus()[0]?.model ?? "processor";
  const where = { device: "cpu0", name: processor };
  const now = (): number => performance.now();
  const absent = nativeAbsent();
  if (absent !== null) {
    const backend = new ReferenceBackend();
    const rates = await measureDevice(backend, REFERENCE, now);
    const { name: engine, variant } = backend;
    const devices = [{ ...where, engine, variant, wrongOps: [], rates }];
    return { devices, nativeAbsent: absent, memoryBytesPerSecond: null };
  }
  const devices: DeviceBench[] = [];
  for (const count of threads > 1 ? [1, threads] : [1]) {
    const backend = createNativeBackend({ threads: count });
    const wrongOps = await selfCheck(backend);
    const rates = wrongOps.length === 0 ? await measureDevice(backend, NATIVE, now) : null;
    const { name: engine, variant } = backend;
    devices.push({ ...where, engine, variant, wrongOps, rates });
  }
  const addon = loadAddon();
  const memoryBytesPerSecond = addon.measureBandwidth(addon.simdLevels().at(-1) ?? "scalar");
  return { devices, nativeAbsent: null, memoryBytesPerSecond };
}

/** Why the native engine cannot be used; null where it can. */
function nativeAbsent(): string | null {
  // Set-up says so when a build failed; an older file that it left behind must not be used.
  if (process.env["VIVIAN_ADDON"] === "absent") return "it could not be built";
  const probe = nativeBackends();
  return probe.available ? null : probe.fault.message;
}
