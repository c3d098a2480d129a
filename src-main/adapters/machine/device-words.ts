/**
 * Decides what is said of each device: what it does here, or why it does nothing and what would
 * mend that. Nothing is promised: a GPU without an exact engine in this version is called that.
 */

import type { Device } from "../../contract/control-api/index.ts";
import { formatBytes, formatNumberOf } from "../../contract/units.ts";
import type { ClosedNode } from "./device-nodes.ts";
import type { Gpu, Inventory } from "./inventory.ts";

/** What the composition found out about the engine that drives the CPU. */
export interface CpuEngine {
  readonly engine: "native-cpu" | "wasm" | "reference";
  /** What distinguishes it here, such as "avx512vnni, 2 threads". */
  readonly variant: string;
  /** Whether its kernels passed their vectors on this machine. */
  readonly exact: boolean;
  /** The op that failed, when one did; what was not exact or missing of what is faster. */
  readonly reason: string | null;
}

/** Adapters that draw a screen and cannot compute. */
const DISPLAY_ONLY =
  /bochs|cirrus|vmware|svga|qxl|virtio|virtual|basic (display|render)|aspeed|matrox|stdvga/i;

/** One entry for the CPU, one for each GPU, and one for each closed node of no GPU listed. */
export function describeDevices(inventory: Inventory, engine: CpuEngine): Device[] {
  const { gpus, closed } = inventory;
  const ofGpu = gpus.map((gpu) => closed.filter(({ vendor }) => isBy(gpu, vendor)));
  const others = closed.filter((node) => !ofGpu.some((nodes) => nodes.includes(node)));
  return [
    cpuDevice(inventory, engine),
    ...gpus.map((gpu, index) => gpuDevice(gpu, index, ofGpu[index])),
    ...others.slice(0, CLOSED_NODES_MAX).map((node, index) => closedDevice(node, index)),
  ];
}

/** Closed nodes that are listed: one says enough about its neighbours. */
const CLOSED_NODES_MAX = 8;

function isBy(gpu: Gpu, vendor: string | null): boolean {
  if (vendor === null || DISPLAY_ONLY.test(`${gpu.vendor} ${gpu.model}`)) return false;
  const names = vendor === "AMD" ? /amd|ati\b|advanced micro/i : new RegExp(vendor, "i");
  return names.test(`${gpu.vendor} ${gpu.model}`);
}

function cpuDevice(inventory: Inventory, engine: CpuEngine): Device {
  const head = {
    id: "cpu",
    kind: "cpu",
    name: inventory.machine.cpuName,
    engine: engine.engine,
    variant: engine.variant,
  } as const;
  if (engine.engine === "native-cpu" && engine.exact) {
    const left = engine.reason === null ? "" : ` Left out: ${engine.reason}.`;
    const why = "Trains with the native engine; its kernels passed their vectors on this machine.";
    return { ...head, use: "in-use", exact: true, why: `${why}${left}`.slice(0, 512), next: null };
  }
  const next = nativeEngineAdvice(process.platform);
  if (engine.exact) {
    const missing = engine.reason === null ? "" : ` (${engine.reason})`;
    const what =
      engine.engine === "wasm"
        ? "Trains with the engine as WebAssembly, exact and some three times slower than native"
        : "Trains with the reference engine, exact but slow; no native engine";
    const why = `${what}${missing}.`;
    return { ...head, use: "in-use", exact: true, why: why.slice(0, 512), next };
  }
  const op = engine.reason === null ? "" : `: ${engine.reason}`;
  return { ...head, use: "not-usable", exact: false, why: `Not exact here${op}.`, next: null };
}

/** What brings the native engine about, by system. */
export function nativeEngineAdvice(system: NodeJS.Platform): string {
  if (system === "darwin") return "Run xcode-select --install, then npm start.";
  if (system === "win32") {
    return (
      "Install Visual Studio Build Tools (Desktop development with C++) and Python 3, " +
      "then npm start."
    );
  }
  return "Install g++, make and python3 (apt-get install g++ make python3), then npm start.";
}

/** A device that is known only by its node. */
function closedDevice(node: ClosedNode, index: number): Device {
  const maker = node.vendor === null ? "Device" : `${node.vendor} device`;
  return {
    id: `node-${index}`,
    kind: "gpu",
    name: `${maker} ${node.path}`,
    use: "not-usable",
    engine: null,
    variant: null,
    exact: null,
    why: closedWords(node),
    next: node.next,
  };
}

function closedWords({ path, owner }: ClosedNode): string {
  return `This account may not open ${path} (${owner}).`;
}

function gpuDevice(gpu: Gpu, index: number, closed: readonly ClosedNode[]): Device {
  const memory = gpu.memoryBytes === null ? "" : `, ${formatBytes(gpu.memoryBytes)}`;
  const head = {
    id: `gpu-${index}`,
    kind: "gpu",
    name: `${gpuName(gpu)}${memory}`.slice(0, 256),
    use: "not-usable",
    engine: null,
    variant: null,
    exact: null,
  } as const;
  if (closed.length > 0) return { ...head, why: closedWords(closed[0]), next: closed[0].next };
  const why = DISPLAY_ONLY.test(`${gpu.vendor} ${gpu.model}`)
    ? "Draws a screen only; it cannot compute."
    : "Idle: this version has an exact engine for CPUs only.";
  return { ...head, why, next: null };
}

/** Vendors repeat themselves in the model's name; once is enough. */
function gpuName(gpu: Gpu): string {
  const first = gpu.vendor.split(" ")[0];
  const known = first !== "" && gpu.model.toLowerCase().includes(first.toLowerCase());
  return known || gpu.vendor === "" ? gpu.model : `${gpu.vendor} ${gpu.model}`;
}

/** The processor in one line: name and what of it this process may use. */
export function cpuLine(inventory: Inventory): string {
  const { cpuName, coresPhysical, coresAvailable } = inventory.machine;
  const cores = formatNumberOf(coresPhysical, "core", "cores");
  const limited = coresAvailable < coresPhysical ? `, ${coresAvailable} usable here` : "";
  return `${cpuName} (${cores}${limited})`;
}
