/**
 * Decides what computes: the native engine where it is built and every kernel gave the reference's
 * bytes on this machine, else the same kernels as WebAssembly where they did, else the reference;
 * and instead of the processor a device that is exact and was measured to be faster, or to need
 * less energy where the owner prefers that (`rank-engines.ts`). The answer is also what `devices`
 * says of the CPU.
 */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import { isNvidia } from "../../adapters/machine/index.ts";
import type { CpuEngine, GraphicsEngine, Inventory } from "../../adapters/machine/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { DeviceChoice } from "../../miner/index.ts";
import type { Config } from "../config/keys.ts";
import { probeCuda } from "./probe-cuda.ts";
import { probeFastGraphics, probeGraphics } from "./probe-graphics.ts";
import { rankEngines } from "./rank-engines.ts";
import type { Contender } from "./rank-engines.ts";

const PROBE = fileURLToPath(new URL("../probe-engine.ts", import.meta.url));

/** The self check takes below a second; a slow machine under load gets a minute. */
const PROBE_TIMEOUT_MS = 60_000;

/** The engine chosen, in words and as the miner needs it. */
export interface ChosenEngine {
  readonly cpu: CpuEngine;
  readonly device: DeviceChoice;
  /** The graphics device that trains; absent where the processor does. */
  readonly graphics?: GraphicsEngine;
  /** What checks units where that is not what trains: the processor beside a graphics device. */
  readonly checking?: DeviceChoice;
  /** Why it was chosen among several, such as "12.1 steps/J against 3.4 of the processor". */
  readonly choice?: string;
}

/** Who is asked about devices; the processes of this machine, where nobody else is given. */
export interface DeviceProbes {
  readonly cuda: typeof probeCuda;
  readonly graphics: typeof probeFastGraphics;
}

const PROBES: DeviceProbes = { cuda: probeCuda, graphics: probeFastGraphics };

/**
 * Chooses the engine that the config asks for.
 * @param checksFile  where races and checks of graphics devices are remembered
 * @rejects PROCESSES_DEVICE when an engine is asked for by its name and is not usable here
 */
export async function chooseEngine(
  mining: Config["mining"],
  inventory: Inventory,
  checksFile?: string,
  probes: DeviceProbes = PROBES,
): Promise<Outcome<ChosenEngine>> {
  const { engine, adapter } = mining;
  if (engine === "auto") return chooseBest(mining, inventory, probes, checksFile);
  if (engine !== "webgpu" && engine !== "cuda") return chooseProcessor(mining, inventory);
  const [processor, graphics] = await Promise.all([
    chooseProcessor({ ...mining, engine: "auto" }, inventory),
    engine === "cuda"
      ? probeCuda(adapter, null).then((found) => found?.graphics)
      : probeGraphics(adapter, checksFile === undefined ? {} : { checksFile }).then(
          ([first]) => first,
        ),
  ]);
  if (!processor.ok) return processor;
  if (graphics?.exact === true) return accept(beside(processor.value, engine, graphics));
  const asked = adapter === "" ? "here" : `named ${adapter}`;
  const what = engine === "cuda" ? "no CUDA device" : "no graphics adapter";
  return reject("PROCESSES_DEVICE", { reason: graphics?.reason ?? `${what} ${asked}` });
}

/**
 * What computes where the graphics device that was chosen is switched off: the processor beside it,
 * unless its owner asked for the device by its engine's name (then work waits).
 */
export function withoutGraphics(
  chosen: ChosenEngine,
  { engine }: Pick<Config["mining"], "engine">,
): ChosenEngine {
  const { cpu, checking, graphics } = chosen;
  if (engine !== "auto" || graphics === undefined || checking === undefined) return chosen;
  return { cpu, device: checking, choice: `${graphics.name} is switched off` };
}

/** A graphics device that trains, the processor beside it. */
function beside(
  { cpu, device }: ChosenEngine,
  engine: "cuda" | "webgpu",
  graphics: GraphicsEngine,
): ChosenEngine {
  const { threads } = device;
  // Of two devices of one name, the very one that was checked.
  const isa = graphics.uuid ?? graphics.name;
  return { cpu, device: { engine, isa, threads }, graphics, checking: device };
}

/**
 * The processor, or a device that is exact and better by what the owner prefers. A driver is loaded
 * only where the system lists a device for it.
 */
async function chooseBest(
  mining: Config["mining"],
  inventory: Inventory,
  probes: DeviceProbes,
  checksFile: string | undefined,
): Promise<Outcome<ChosenEngine>> {
  const processor = await chooseProcessor(mining, inventory);
  if (!processor.ok || processor.value.device.engine !== "native-cpu") return processor;
  const { adapter, prefer } = mining;
  const threads = processor.value.device.threads ?? 1;
  const remembered = checksFile === undefined ? {} : { checksFile };
  const wish = { threads, metered: prefer === "joules", ...remembered };
  const { gpus } = inventory;
  const contenders: Contender[] = [];
  const byCuda = gpus.filter((gpu) => isNvidia(gpu));
  const cuda = byCuda.length === 0 ? undefined : await probes.cuda(adapter, wish);
  if (cuda !== undefined) contenders.push({ engine: "cuda", ...cuda });
  // What its own driver runs exactly is not tried through another as well.
  const isDone = cuda?.graphics.exact === true && byCuda.length === gpus.length;
  if (gpus.length > 0 && !isDone) {
    const found = await probes.graphics(adapter, wish);
    if (found !== undefined) contenders.push({ engine: "webgpu", ...found });
  }
  const { best, choice } = rankEngines(prefer, contenders);
  const engine =
    best === undefined ? processor.value : beside(processor.value, best.engine, best.graphics);
  return accept(choice === null ? engine : { ...engine, choice });
}

async function chooseProcessor(
  mining: Config["mining"],
  inventory: Inventory,
): Promise<Outcome<ChosenEngine>> {
  const { coresAvailable, coresPhysical } = inventory.machine;
  // A second thread of a core adds nothing to multiplying; a container may have fewer than that.
  const automatic = Math.max(1, Math.min(coresAvailable, coresPhysical));
  const threads = mining.threads === 0 ? automatic : mining.threads;
  if (mining.engine === "reference") return accept(referenceEngine("config.toml asks for it"));
  const reasons: string[] = [];
  for (const name of ["native-cpu", "wasm"] as const) {
    if (mining.engine !== "auto" && mining.engine !== name) continue;
    const { cpu, isa } = await probeEngine(name, threads);
    if (cpu.exact) return accept(chosen(cpu, isa, threads, reasons));
    reasons.push(cpu.reason ?? "unknown");
  }
  const reason = reasons.join("; ");
  return mining.engine === "auto"
    ? accept(referenceEngine(reason))
    : reject("PROCESSES_DEVICE", { reason });
}

function chosen(
  cpu: CpuEngine,
  isa: string | null,
  threads: number,
  reasons: readonly string[],
): ChosenEngine {
  if (cpu.engine === "native-cpu") {
    return { cpu, device: { engine: "native-cpu", isa, threads } };
  }
  const reason = reasons.length === 0 ? "config.toml asks for it" : reasons.join("; ");
  return { cpu: { ...cpu, reason }, device: { engine: "wasm", isa: null, threads: 1 } };
}

function referenceEngine(reason: string): ChosenEngine {
  return {
    cpu: { engine: "reference", variant: "plain TypeScript, 1 thread", exact: true, reason },
    device: { engine: "reference", isa: null, threads: null },
  };
}

/** A compiled engine as it was found: its words, and the level that opens it. */
export interface ProbedEngine {
  readonly cpu: CpuEngine;
  readonly isa: string | null;
}

/**
 * Whether a compiled engine loads and which variant of it is exact, found out by a process of its
 * own. A faster variant that is not exact is named in `reason`.
 */
export function probeEngine(name: "native-cpu" | "wasm", threads: number): Promise<ProbedEngine> {
  const unusable = (reason: string): ProbedEngine => {
    return { cpu: { engine: name, variant: "", exact: false, reason }, isa: null };
  };
  // Set-up says so when a build failed; an older file that it left behind must not be used.
  if (name === "native-cpu" && process.env["VIVIAN_ADDON"] === "absent") {
    return Promise.resolve(unusable("it could not be built"));
  }
  return new Promise((resolve) => {
    const child = fork(PROBE, [name, String(threads)], { execArgv: [], stdio: "ignore" });
    const settle = (engine: ProbedEngine) => {
      clearTimeout(timer);
      resolve(engine);
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      settle(unusable("its self check did not end"));
    }, PROBE_TIMEOUT_MS);
    child.once("message", (message) => settle(readProbe(name, message) ?? unusable("unreadable")));
    child.once("error", (error) => settle(unusable(error.message)));
    child.once("exit", (code, signal) =>
      settle(unusable(`its self check ended with ${signal ?? `exit code ${code ?? "unknown"}`}`)),
    );
  });
}

function readProbe(engine: "native-cpu" | "wasm", message: unknown): ProbedEngine | null {
  if (typeof message !== "object" || message === null) return null;
  const { kind, reason, variant, isa, refused } = message as Partial<Record<string, unknown>>;
  if (kind === "absent" && typeof reason === "string") {
    return { cpu: { engine, variant: "", exact: false, reason }, isa: null };
  }
  if (kind !== "exact" || typeof variant !== "string" || !Array.isArray(refused)) return null;
  const left = refused.length === 0 ? null : refused.join("; ");
  const level = typeof isa === "string" ? isa : null;
  return { cpu: { engine, variant, exact: true, reason: left }, isa: level };
}
