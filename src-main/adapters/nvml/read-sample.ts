/**
 * Decides what is read of an NVIDIA device each second.
 * @source NVIDIA NVML API reference, device queries
 */

import { NOTHING_TOLD } from "../../ports/device-telemetry.ts";
import type { ThrottleReason } from "../../ports/device-telemetry.ts";
import type { Called, DeviceHandle, NvmlLibrary } from "./load-library.ts";
import type { ReadSample } from "./nvml-shapes.ts";
import { numberOf } from "./read-devices.ts";
import { isLost, NVML } from "./return-codes.ts";

/** NVML_CLOCK_SM and NVML_CLOCK_MEM. */
const CLOCK_SM = 1;
const CLOCK_MEMORY = 2;

/** NVML_TEMPERATURE_GPU. */
const SENSOR_GPU = 0;

/** nvmlMemory_t: total, free, used. */
const MEMORY_BYTES = 24;

/** Bits of nvmlClocksEventReasons, and what each is called here. */
const REASONS: readonly (readonly [number, ThrottleReason])[] = [
  [0x01, "idle"],
  [0x02, "setting"],
  [0x04, "power-limit"],
  [0x08, "hardware-slowdown"],
  [0x10, "sync-boost"],
  [0x20, "heat"],
  [0x40, "heat"],
  [0x80, "power-limit"],
  [0x100, "setting"],
];

/** The reasons of a set of bits, each once; bits of newer drivers are passed over. */
export function throttleReasons(bits: number): ThrottleReason[] {
  const named = REASONS.filter(([bit]) => (bits & bit) !== 0).map(([, reason]) => reason);
  return [...new Set(named)];
}

/** Samples between two questions about what changes seldom; another number is asked each second. */
const SELDOM = { memory: 5, energy: 5, clock: 5, fan: 10, limit: 10, memoryClock: 10 } as const;

/** Samples until a device is asked again for what it said not to have. */
const WITHOUT = 600;

type Read<T> = (called: Called<Buffer[]>) => T | null;

/** A question whose last answer stands until it is asked again. */
class Figure<T> {
  readonly #ask: () => Called<Buffer[]>;
  readonly #read: Read<T>;
  readonly #every: number;
  #wait: number;
  #value: T | null = null;

  /** @param first  samples until it is asked a second time, so that not all are asked at once */
  constructor(ask: () => Called<Buffer[]>, read: Read<T>, every: number, first: number) {
    this.#ask = ask;
    this.#read = read;
    this.#every = every;
    this.#wait = 0;
    this.now();
    this.#wait = Math.min(this.#wait, first);
  }

  now(): T | null {
    this.#wait -= 1;
    if (this.#wait > 0) return this.#value;
    const called = this.#ask();
    this.#value = this.#read(called);
    const { code } = called;
    const lacks = code === NVML.notSupported || code === NVML.functionNotFound;
    this.#wait = lacks ? WITHOUT : this.#every;
    return this.#value;
  }

  /** Has it asked with the next sample. */
  forget(): void {
    this.#wait = 0;
  }
}

/**
 * Reads one device, second after second. Each question costs the driver some tenths of a
 * millisecond, which is nearly all that watching costs: what protects a device and its watts are
 * asked each time, the rest more seldom; what the device does not give is null.
 */
export class SampleReader {
  readonly #library: NvmlLibrary;
  readonly #device: DeviceHandle;
  readonly #busy: Figure<number>;
  readonly #memory: Figure<{ readonly used: number; readonly total: number }>;
  readonly #energy: Figure<number>;
  readonly #clock: Figure<number>;
  readonly #fan: Figure<number>;
  readonly #limit: Figure<number>;
  readonly #memoryClock: Figure<number>;

  constructor(library: NvmlLibrary, device: DeviceHandle) {
    this.#library = library;
    this.#device = device;
    const asked = (name: string, before: readonly number[], bytes: number) => () =>
      library.ask(name, device, before, [bytes]);
    const figure = (ask: () => Called<Buffer[]>, every: number, first: number) =>
      new Figure(ask, numberOf, every, first);
    this.#busy = figure(asked("nvmlDeviceGetUtilizationRates", [], 8), 1, 1);
    const memory = asked("nvmlDeviceGetMemoryInfo", [], MEMORY_BYTES);
    this.#memory = new Figure(memory, memoryOf, SELDOM.memory, 1);
    const counted = asked("nvmlDeviceGetTotalEnergyConsumption", [], 8);
    this.#energy = new Figure(counted, millijoulesOf, SELDOM.energy, 2);
    const clock = (which: number) => asked("nvmlDeviceGetClockInfo", [which], 4);
    this.#clock = figure(clock(CLOCK_SM), SELDOM.clock, 3);
    this.#fan = figure(asked("nvmlDeviceGetFanSpeed", [], 4), SELDOM.fan, 4);
    this.#limit = figure(() => powerLimit(library, device), SELDOM.limit, 5);
    this.#memoryClock = figure(clock(CLOCK_MEMORY), SELDOM.memoryClock, 9);
  }

  /** The sample of a moment. */
  read(atMs: number): ReadSample {
    const plain = (name: string, ...before: number[]) =>
      this.#library.ask(name, this.#device, before, [4]);
    const power = plain("nvmlDeviceGetPowerUsage");
    if (isLost(power.code)) return { atMs, ...NOTHING_TOLD, isLost: true };
    const memory = this.#memory.now();
    const percent = this.#busy.now();
    const fan = this.#fan.now();
    return {
      atMs,
      utilisation: percent === null ? null : percent / 100,
      memoryUsedBytes: memory?.used ?? null,
      memoryTotalBytes: memory?.total ?? null,
      celsius: numberOf(plain("nvmlDeviceGetTemperature", SENSOR_GPU)),
      fan: fan === null ? null : fan / 100,
      clockMhz: this.#clock.now(),
      memoryClockMhz: this.#memoryClock.now(),
      watts: wattsOf(numberOf(power)),
      limitWatts: wattsOf(this.#limit.now()),
      energyMillijoules: this.#energy.now(),
      throttle: throttleReasons(reasonBits(this.#library, this.#device)),
      isLost: false,
    };
  }

  /** The limit was set: it is read with the next sample. */
  limitChanged(): void {
    this.#limit.forget();
  }
}

function memoryOf(called: Called<Buffer[]>) {
  if (!("value" in called)) return null;
  const [bytes] = called.value;
  const figure = (at: number) => Number(bytes.readBigUInt64LE(at));
  return { total: figure(0), used: figure(16) };
}

function powerLimit(library: NvmlLibrary, device: DeviceHandle): Called<Buffer[]> {
  const enforced = library.ask("nvmlDeviceGetEnforcedPowerLimit", device, [], [4]);
  return "value" in enforced
    ? enforced
    : library.ask("nvmlDeviceGetPowerManagementLimit", device, [], [4]);
}

/** The device's own count in millijoules since the driver was loaded. */
export function readEnergy(
  library: NvmlLibrary,
  device: DeviceHandle,
): { readonly millijoules: number | null; readonly code: number } {
  const counted = library.ask("nvmlDeviceGetTotalEnergyConsumption", device, [], [8]);
  return { millijoules: millijoulesOf(counted), code: counted.code };
}

function millijoulesOf(counted: Called<Buffer[]>): number | null {
  if (!("value" in counted)) return null;
  const millijoules = Number(counted.value[0].readBigUInt64LE(0));
  // All bits set is how some virtual GPUs say that they do not count.
  return Number.isSafeInteger(millijoules) ? millijoules : null;
}

/** Watts of a number of milliwatts. */
export function wattsOf(milliwatts: number | null): number | null {
  return milliwatts === null ? null : milliwatts / 1_000;
}

/** The same question under its name since driver 535, then under the one before. */
function reasonBits(library: NvmlLibrary, device: DeviceHandle): number {
  for (const name of [
    "nvmlDeviceGetCurrentClocksEventReasons",
    "nvmlDeviceGetCurrentClocksThrottleReasons",
  ]) {
    const read = library.ask(name, device, [], [8]);
    if ("value" in read) return read.value[0].readUInt32LE(0);
  }
  return 0;
}
