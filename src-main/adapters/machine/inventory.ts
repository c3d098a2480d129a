/**
 * Decides what the machine is said to have. On Linux the system's own files are read, in a process
 * of its own; elsewhere systeminformation lists GPUs, within a time limit, because it runs foreign
 * tools. NVIDIA's library is asked only where there is a trace of such a device.
 */

import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";

import type { Systeminformation } from "systeminformation";
import { cpu, graphics, osInfo } from "systeminformation";

import type { Machine } from "../../contract/control-api/index.ts";
import type { ClosedNode } from "./device-nodes.ts";
import type { FoundDevice } from "./found-device.ts";
import { isNvidia, joinGpus, otherDevices } from "./join-devices.ts";
import type { Gpu } from "./join-devices.ts";
import type { NvidiaAnswer } from "./nvidia-devices.ts";
import { readMachineApart } from "./read-apart.ts";
import { NO_READING } from "./read-machine.ts";
import type { MachineReading } from "./read-machine.ts";
import { surroundingsWords } from "./surroundings.ts";

/**
 * How long all of it may take; a hanging driver tool must not hold up the start. It takes a sixth
 * of a second on Linux; a crowded machine and Windows, whose PowerShell lists its GPUs, take more.
 */
const PROBE_TIMEOUT_MS = 5_000;

/** GPUs listed at most: more than any board carries. */
const GPUS_MAX = 32;

/** Everything the machine has that could compute. */
export interface Inventory {
  readonly machine: Machine;
  readonly gpus: readonly Gpu[];
  /** Accelerators that are no GPUs. */
  readonly others?: readonly FoundDevice[];
  /** Devices that are here and that this account may not open. */
  readonly closed: readonly ClosedNode[];
  /** Names of the probes that failed or took too long; what they would say is missing. */
  readonly incomplete: readonly string[];
}

/** The probes of the foreign package, replaceable in tests. */
export interface Probes {
  cpu(): Promise<Pick<Systeminformation.CpuData, "manufacturer" | "brand" | "physicalCores">>;
  graphics(): Promise<Pick<Systeminformation.GraphicsData, "controllers">>;
  osInfo(): Promise<Pick<Systeminformation.OsData, "distro" | "release">>;
}

/** Where it is looked, and whom NVIDIA's devices are asked of. */
export interface InventoryNeeds {
  /** Where /sys, /proc and /dev stand. */
  readonly root?: string;
  /** Asks NVIDIA's library; without it such devices are known by the bus alone. */
  readonly nvidia?: () => Promise<NvidiaAnswer | null>;
}

/** Lists the machine's devices; never fails, names what it could not learn. */
export async function takeInventory(
  probes: Probes = { cpu, graphics, osInfo },
  timeoutMs: number = PROBE_TIMEOUT_MS,
  { root = "/", nvidia = () => Promise.resolve(null) }: InventoryNeeds = {},
): Promise<Inventory> {
  const incomplete: string[] = [];
  const endsAt = performance.now() + timeoutMs;
  const ask = async <T>(name: string, probe: () => Promise<T>): Promise<T | null> => {
    const answer = await withTimeout(probe, Math.max(0, endsAt - performance.now()));
    if (answer === null) incomplete.push(name);
    return answer;
  };
  const [processor, system, listed] = await Promise.all([
    ask("cpu", () => probes.cpu()),
    ask("system", () => probes.osInfo()),
    devicesOf({ ask, probes, nvidia, root, timeoutMs }),
  ]);
  const { reading } = listed;
  const name = cpuName(processor);
  return {
    machine: {
      system: systemName(system),
      cpuName: name,
      coresPhysical: processor?.physicalCores ?? cpus().length,
      coresLogical: cpus().length,
      coresAvailable: availableParallelism(),
      memoryBytes: totalmem(),
      surroundings: surroundingsWords(reading.surroundings).map((words) => words.slice(0, 64)),
    },
    closed: reading.closed,
    gpus: listed.gpus.slice(0, GPUS_MAX),
    others: otherDevices(reading, name),
    incomplete,
  };
}

interface Asking {
  ask<T>(name: string, probe: () => Promise<T>): Promise<T | null>;
  readonly probes: Probes;
  readonly nvidia: () => Promise<NvidiaAnswer | null>;
  readonly root: string;
  readonly timeoutMs: number;
}

async function devicesOf({ ask, probes, nvidia, root, timeoutMs }: Asking) {
  const looked =
    platform() === "linux" ? await ask("devices", () => readOrFail(timeoutMs, root)) : null;
  const reading = looked ?? NO_READING;
  const screens = reading.hasBus ? null : await ask("graphics", () => probes.graphics());
  const shown = (screens?.controllers ?? []).map(gpuOf);
  const isLikely = reading.nvidia.isLikely || shown.some(isNvidia);
  const answer = isLikely ? await ask("nvidia", () => nvidia().then((said) => ({ said }))) : null;
  const late = isLikely && answer === null ? TOO_SLOW : null;
  return { reading, gpus: joinGpus(reading, answer?.said ?? late, shown) };
}

const TOO_SLOW: NvidiaAnswer = {
  state: "absent",
  reason: "too-slow",
  why: "the driver is still starting",
  next: "Ask again in a minute; sudo nvidia-smi -pm 1 keeps the driver ready.",
};

function readOrFail(withinMs: number, root: string): Promise<MachineReading> {
  return readMachineApart(withinMs, root).then((reading) => {
    if (reading === null) throw new Error("the machine could not be read in time");
    return reading;
  });
}

function withTimeout<T>(probe: () => Promise<T>, timeoutMs: number): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), timeoutMs);
    const settle = (value: T | null) => {
      clearTimeout(timer);
      resolve(value);
    };
    // Within a promise: a probe that fails at once is one that failed.
    Promise.resolve()
      .then(probe)
      .then(settle, () => settle(null));
  });
}

function systemName(system: { distro: string; release: string } | null): string {
  const name = system === null ? "" : `${system.distro} ${system.release}`.trim();
  return `${name === "" ? `${platform()} ${release()}` : name}, ${arch()}`.slice(0, 128);
}

/** The operating system's own name is whole; the package splits it into maker and brand. */
function cpuName(processor: { manufacturer: string; brand: string } | null): string {
  const own = cpus()[0]?.model.trim() ?? "";
  const split = processor === null ? "" : `${processor.manufacturer} ${processor.brand}`.trim();
  const name = own !== "" && own !== "unknown" ? own : split;
  return (name === "" ? "unnamed processor" : name.replace(/\s+/g, " ")).slice(0, 256);
}

function gpuOf(controller: Systeminformation.GraphicsControllerData): Gpu {
  const megabytes = controller.memoryTotal ?? controller.vram;
  return {
    vendor: controller.vendor.trim(),
    model: controller.model.trim() || "unnamed GPU",
    memoryBytes: typeof megabytes === "number" && megabytes > 0 ? megabytes * 1_048_576 : null,
    driver: controller.driverVersion?.trim() || null,
  };
}
