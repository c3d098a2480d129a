/**
 * Decides what the machine is said to have. The system itself is asked for what it always knows;
 * systeminformation adds names and GPUs, within a time limit, because it runs foreign tools.
 */

import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";

import type { Systeminformation } from "systeminformation";
import { cpu, graphics, osInfo } from "systeminformation";

import type { Machine } from "../../contract/control-api/index.ts";
import { closedNodes } from "./device-nodes.ts";
import type { ClosedNode } from "./device-nodes.ts";

/** How long the foreign tools may take; a hanging driver tool must not hold up the start. */
const PROBE_TIMEOUT_MS = 5_000;

/** GPUs listed at most: more than any board carries. */
const GPUS_MAX = 32;

/** A graphics device as its driver names it. */
export interface Gpu {
  readonly vendor: string;
  readonly model: string;
  /** Null when the system does not say. */
  readonly memoryBytes: number | null;
  readonly driver: string | null;
}

/** Everything the machine has that could compute. */
export interface Inventory {
  readonly machine: Machine;
  readonly gpus: readonly Gpu[];
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

/** Lists the machine's devices; never fails, names what it could not learn. */
export async function takeInventory(
  probes: Probes = { cpu, graphics, osInfo },
  timeoutMs: number = PROBE_TIMEOUT_MS,
): Promise<Inventory> {
  const incomplete: string[] = [];
  const ask = async <T>(name: string, probe: () => Promise<T>): Promise<T | null> => {
    const answer = await withTimeout(probe, timeoutMs);
    if (answer === null) incomplete.push(name);
    return answer;
  };
  const [processor, screens, system] = await Promise.all([
    ask("cpu", () => probes.cpu()),
    ask("graphics", () => probes.graphics()),
    ask("system", () => probes.osInfo()),
  ]);
  return {
    machine: {
      system: systemName(system),
      cpuName: cpuName(processor),
      coresPhysical: processor?.physicalCores ?? cpus().length,
      coresLogical: cpus().length,
      coresAvailable: availableParallelism(),
      memoryBytes: totalmem(),
    },
    closed: closedNodes(),
    gpus: (screens?.controllers ?? []).slice(0, GPUS_MAX).map(gpuOf),
    incomplete,
  };
}

function withTimeout<T>(probe: () => Promise<T>, timeoutMs: number): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), timeoutMs);
    const settle = (value: T | null) => {
      clearTimeout(timer);
      resolve(value);
    };
    probe().then(settle, () => settle(null));
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
