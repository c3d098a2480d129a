/**
 * Decides what computes: the native engine where it is built and every kernel gave the reference's
 * bytes on this machine, else the reference. The answer is also what `devices` says of the CPU.
 */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { CpuEngine, Inventory } from "../../adapters/machine/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { DeviceChoice } from "../../miner/index.ts";
import type { Config } from "../config/keys.ts";

const PROBE = fileURLToPath(new URL("../probe-engine.ts", import.meta.url));

/** The self check takes below a second; a slow machine under load gets a minute. */
const PROBE_TIMEOUT_MS = 60_000;

/** The engine chosen, in words and as the miner needs it. */
export interface ChosenEngine {
  readonly cpu: CpuEngine;
  readonly device: DeviceChoice;
}

/**
 * Chooses the engine that the config asks for.
 * @rejects PROCESSES_DEVICE when "native-cpu" is asked for and is not usable here
 */
export async function chooseEngine(
  mining: Config["mining"],
  inventory: Inventory,
): Promise<Outcome<ChosenEngine>> {
  const { coresAvailable, coresPhysical } = inventory.machine;
  // A second thread of a core adds nothing to multiplying; a container may have fewer than that.
  const automatic = Math.max(1, Math.min(coresAvailable, coresPhysical));
  const threads = mining.threads === 0 ? automatic : mining.threads;
  if (mining.engine === "reference") return accept(referenceEngine("config.toml asks for it"));
  const native = await probeNative(threads);
  if (native.exact) {
    return accept({ cpu: native, device: { engine: "native-cpu", isa: null, threads } });
  }
  const reason = native.reason ?? "unknown";
  if (mining.engine === "native-cpu") return reject("PROCESSES_DEVICE", { reason });
  return accept(referenceEngine(reason));
}

function referenceEngine(reason: string): ChosenEngine {
  return {
    cpu: { engine: "reference", variant: "plain TypeScript, 1 thread", exact: true, reason },
    device: { engine: "reference", isa: null, threads: null },
  };
}

/** Whether the native engine loads and is exact, found out by a process of its own. */
export function probeNative(threads: number): Promise<CpuEngine> {
  const unusable = (reason: string): CpuEngine => {
    return { engine: "native-cpu", variant: "", exact: false, reason };
  };
  // Set-up says so when a build failed; an older file that it left behind must not be used.
  if (process.env["VIVIAN_ADDON"] === "absent") {
    return Promise.resolve(unusable("it could not be built"));
  }
  return new Promise((resolve) => {
    const child = fork(PROBE, [String(threads)], { execArgv: [], stdio: "ignore" });
    const settle = (engine: CpuEngine) => {
      clearTimeout(timer);
      resolve(engine);
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      settle(unusable("its self check did not end"));
    }, PROBE_TIMEOUT_MS);
    child.once("message", (message) => settle(readProbe(message) ?? unusable("unreadable")));
    child.once("error", (error) => settle(unusable(error.message)));
    child.once("exit", (code, signal) =>
      settle(unusable(`its self check ended with ${signal ?? `exit code ${code ?? "unknown"}`}`)),
    );
  });
}

function readProbe(message: unknown): CpuEngine | null {
  if (typeof message !== "object" || message === null) return null;
  const { kind, reason, variant, wrong } = message as Partial<Record<string, unknown>>;
  if (kind === "absent" && typeof reason === "string") {
    return { engine: "native-cpu", variant: "", exact: false, reason };
  }
  if (kind !== "checked" || typeof variant !== "string" || !Array.isArray(wrong)) return null;
  const failed = wrong.length === 0 ? null : `not exact here: op ${wrong.join(", ")}`;
  return { engine: "native-cpu", variant, exact: failed === null, reason: failed };
}
