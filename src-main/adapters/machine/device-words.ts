/**
 * Decides what is said of each device: what it does here, or why it does nothing and what would
 * mend that. Nothing is promised: a GPU without an exact engine in this version is called that.
 */

import type { Device } from "../../contract/control-api/index.ts";
import { formatBytes, formatNumberOf } from "../../contract/units.ts";
import type { ClosedNode } from "./device-nodes.ts";
import { WITHOUT_PLACE, acceleratorRecords, closedOf } from "./accelerator-words.ts";
import type { Inventory } from "./inventory.ts";
import type { Gpu } from "./join-devices.ts";

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

/** What the composition found out about a graphics adapter. */
export interface GraphicsEngine {
  /** What drives it; "webgpu" where absent. */
  readonly engine?: "cuda" | "webgpu";
  /** As its driver names it. */
  readonly name: string;
  /** What tells it from others of its name, where its driver says so. */
  readonly uuid?: string;
  readonly bus?: string;
  readonly vendor: string;
  /** Whether a processor does the work of a GPU. */
  readonly isSoftware: boolean;
  readonly variant: string;
  readonly exact: boolean;
  /** Why it cannot be used; null where it can. */
  readonly reason: string | null;
}

/** What is known of graphics devices. */
export interface KnownGraphics {
  /** Null while they are still being checked. */
  readonly engines: readonly GraphicsEngine[] | null;
  /** The name of the one that trains; null where the processor does. */
  readonly inUse: string | null;
  /** Why what trains was chosen among several; null where there was no choice. */
  readonly choice?: string | null;
}

/** Adapters that draw a screen and cannot compute. */
const DISPLAY_ONLY =
  /bochs|cirrus|vmware|svga|qxl|virtio|virtual|basic (display|render)|aspeed|matrox|stdvga/i;

/** Nothing was looked at. */
const NO_GRAPHICS: KnownGraphics = { engines: [], inUse: null };

/**
 * One entry for the CPU, one for each GPU, one for a software adapter that trains, and one for each
 * closed node of no GPU listed.
 */
export function describeDevices(
  inventory: Inventory,
  engine: CpuEngine,
  graphics: KnownGraphics = NO_GRAPHICS,
): Device[] {
  const { gpus, closed } = inventory;
  const { engines, inUse } = graphics;
  const ofGpus = matchedEngines(gpus, engines ?? []);
  const unlisted = (engines ?? []).filter(
    (one) => !ofGpus.includes(one) && (!one.isSoftware || one.name === inUse),
  );
  const ofGpu = gpus.map((gpu) =>
    closed.filter(({ path, vendor }) => gpu.nodes?.includes(path) ?? isBy(gpu, vendor)),
  );
  const known = new Set([...ofGpu.flat(), ...closedOf(inventory.others ?? [], closed)]);
  const others = closed.filter((node) => !known.has(node));
  return [
    inUse === null ? cpuDevice(inventory, engine) : checkingCpu(cpuDevice(inventory, engine)),
    ...gpus.map((gpu, index) => {
      const device = gpuDevice(gpu, index, ofGpu[index], engines === null);
      const found = ofGpus[index];
      return found === undefined ? device : graphicsDevice(device, found, inUse);
    }),
    ...unlisted.map((one, index) => graphicsDevice(adapterDevice(one, index), one, inUse)),
    ...acceleratorRecords(inventory.others ?? [], closed),
    ...others.slice(0, CLOSED_NODES_MAX).map((node, index) => closedDevice(node, index)),
  ]
    .slice(0, DEVICES_MAX)
    .map((device) => withChoice(device, graphics.choice ?? null));
}

/** What trains says why it was chosen. */
function withChoice(device: Device, choice: string | null): Device {
  if (choice === null || device.use !== "in-use" || !device.why.startsWith("Trains")) return device;
  return { ...device, why: `${device.why} Chosen: ${choice}.`.slice(0, 512) };
}

/** Closed nodes that are listed: one says enough about its neighbours. */
const CLOSED_NODES_MAX = 8;

/** Devices that the control API carries. */
const DEVICES_MAX = 64;

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
    ...WITHOUT_PLACE,
    vendor: cpuVendor(inventory.machine.cpuName),
    engine: engine.engine,
    variant: engine.variant,
  } as const;
  if (engine.engine === "native-cpu" && engine.exact) {
    const left = engine.reason === null ? "" : ` Left out: ${engine.reason}.`;
    const why = "Trains with the native engine; its kernels passed their vectors on this machine.";
    const words = { why: `${why}${left}`.slice(0, 512), next: null };
    return { ...head, use: "in-use", exact: true, cause: null, ...words };
  }
  const next = nativeEngineAdvice(process.platform);
  if (engine.exact) {
    const missing = engine.reason === null ? "" : ` (${engine.reason})`;
    const what =
      engine.engine === "wasm"
        ? "Trains with the engine as WebAssembly, exact and some three times slower than native"
        : "Trains with the reference engine, exact but slow; no native engine";
    const why = `${what}${missing}.`;
    return { ...head, use: "in-use", exact: true, cause: null, why: why.slice(0, 512), next };
  }
  const op = engine.reason === null ? "" : `: ${engine.reason}`;
  const words = { cause: "not-exact", why: `Not exact here${op}.`, next: null } as const;
  return { ...head, use: "not-usable", exact: false, ...words };
}

function cpuVendor(name: string): string | null {
  return /\b(Intel|AMD|Apple|Ampere|Qualcomm|ARM)\b/iu.exec(name)?.[1] ?? null;
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
    ...WITHOUT_PLACE,
    vendor: node.vendor,
    use: "not-usable",
    engine: null,
    variant: null,
    exact: null,
    cause: "permission",
    why: closedWords(node),
    next: node.next,
  };
}

function closedWords({ path, owner }: ClosedNode): string {
  return `This account may not open ${path} (${owner}).`;
}

/** Whether an engine's device is this GPU and no other of its name, as far as both say. */
export function isSameDevice(gpu: Pick<Gpu, "uuid" | "pciId">, engine: GraphicsEngine): boolean {
  const { uuid, pciId } = gpu;
  if (typeof uuid === "string" && engine.uuid !== undefined) return uuid === engine.uuid;
  if (typeof pciId === "string" && engine.bus !== undefined) {
    // Some write the domain in eight digits, some in four.
    return pciId.toLowerCase().slice(-12) === engine.bus.slice(-12);
  }
  return true;
}

/** The adapter of each GPU: by its name, else by its maker where no other has it. */
function matchedEngines(
  gpus: readonly Gpu[],
  engines: readonly GraphicsEngine[],
): readonly (GraphicsEngine | undefined)[] {
  const left = new Set(engines.filter(({ isSoftware }) => !isSoftware));
  const taken = (found: GraphicsEngine | undefined): GraphicsEngine | undefined => {
    if (found !== undefined) left.delete(found);
    return found;
  };
  const isNamed = ({ model }: Gpu, { name }: GraphicsEngine): boolean =>
    hasWords(name, model) || hasWords(model, name);
  const byName = gpus.map((gpu) =>
    taken([...left].find((one) => isNamed(gpu, one) && isSameDevice(gpu, one))),
  );
  return gpus.map(
    (gpu, index) =>
      byName[index] ??
      taken(
        [...left].find((one) => {
          return one.vendor !== "" && isBy(gpu, one.vendor) && isSameDevice(gpu, one);
        }),
      ),
  );
}

/** A device's name as drivers agree on it: some join its words by dashes, all in small letters. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, " ")
    .trim();
}

function hasWords(text: string, words: string): boolean {
  return plainName(text).includes(plainName(words));
}

/** A processor beside a graphics device that trains. */
function checkingCpu(device: Device): Device {
  return { ...device, why: device.why.replace(/^Trains with/u, "Checks units with") };
}

function adapterDevice({ name }: GraphicsEngine, index: number): Device {
  return {
    id: `adapter-${index}`,
    kind: "gpu",
    name,
    ...WITHOUT_PLACE,
    use: "not-usable",
    engine: null,
    variant: null,
    exact: null,
    cause: null,
    why: "",
    next: null,
  };
}

/** A GPU of which it is known whether it is exact. */
function graphicsDevice(device: Device, found: GraphicsEngine, inUse: string | null): Device {
  const { name, exact, variant, reason, engine = "webgpu" } = found;
  if (!exact) {
    const why = `Not usable here: ${reason ?? "its self check did not end"}.`.slice(0, 512);
    const cause = "not-exact";
    return { ...device, engine, exact: false, cause, why, next: "Update the driver." };
  }
  const shared = { engine, exact, cause: null, variant: variant.slice(0, 128) } as const;
  const head = { ...device, ...shared };
  const isExact = "every op gives the reference's bytes on it.";
  if (name === inUse) return { ...head, use: "in-use", why: `Trains; ${isExact}`, next: null };
  const next = `Set engine = "${engine}" under [mining] in config.toml to train on it.`;
  return { ...head, use: "usable", why: `Exact, idle; ${isExact}`, next };
}

function gpuDevice(
  gpu: Gpu,
  index: number,
  closed: readonly ClosedNode[],
  isChecking: boolean,
): Device {
  const memory = gpu.memoryBytes === null ? "" : `, ${formatBytes(gpu.memoryBytes)}`;
  const head = {
    id: `gpu-${index}`,
    kind: "gpu",
    name: `${gpuName(gpu)}${memory}`.slice(0, 256),
    use: "not-usable",
    engine: null,
    variant: null,
    vendor: gpu.vendor === "" ? null : gpu.vendor.slice(0, 64),
    memoryBytes: gpu.memoryBytes,
    driver: gpu.driver?.slice(0, 128) ?? null,
    pciId: gpu.pciId ?? null,
    uuid: gpu.uuid?.slice(0, 64) ?? null,
    exact: null,
  } as const;
  const block = gpu.block ?? null;
  // A closed node is why a driver does not answer, and its command is the nearer one.
  const isOpen = closed.length === 0 || !/^(permission|driver-failed)$/u.test(block?.cause ?? "");
  if (block !== null && isOpen) return { ...head, ...block };
  if (closed.length > 0) {
    return { ...head, cause: "permission", why: closedWords(closed[0]), next: closed[0].next };
  }
  if (DISPLAY_ONLY.test(`${gpu.vendor} ${gpu.model}`)) {
    const why = "Draws a screen only; it cannot compute.";
    return { ...head, cause: "display-only", why, next: null };
  }
  if (isChecking) {
    return { ...head, cause: null, why: "Being checked; ask again in a minute.", next: null };
  }
  const note = gpu.note === null || gpu.note === undefined ? "" : ` (${gpu.note})`;
  const why = `Idle: its driver offers no Vulkan, Metal or Direct3D 12 to compute with${note}.`;
  return { ...head, cause: "no-engine", why: why.slice(0, 512), next: null };
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
