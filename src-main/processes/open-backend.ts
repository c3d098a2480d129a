/** Decides which engine a child process computes with, and that it has proved itself exact here. */

import { availableParallelism } from "node:os";
import { ReferenceBackend } from "../engine/index.ts";
import type { DeviceChoice } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { checksFileOf } from "./engine-checks.ts";
import { mayUseGpu } from "./gpu-lives.ts";

/** How many threads of the processor the owner gives this work; beside a GPU they hash. */
export function threadsOf(choice: DeviceChoice): number {
  return choice.threads ?? availableParallelism();
}

/**
 * Opens the chosen engine. A compiled one runs every op against the reference before it may earn.
 * @param unitFolder  where a unit is trained; a graphics device leaves a mark there while in use
 * Throws a Fault where it is not built, not offered here or not exact.
 */
export async function openBackend(
  choice: DeviceChoice,
  unitFolder?: string,
): Promise<EngineBackend> {
  if (choice.engine === "reference") return new ReferenceBackend();
  // Loaded only here: a machine without a compiler has no addon.
  if (choice.engine === "wasm") {
    const { openWasmBackend } = await import("./open-wasm-backend.ts");
    return openWasmBackend();
  }
  if (choice.engine === "webgpu") {
    const { openWebgpuBackend } = await import("./open-webgpu-backend.ts");
    if (unitFolder === undefined) return openWebgpuBackend(choice, true, undefined);
    const checksFile = checksFileOf(unitFolder);
    return openWebgpuBackend(choice, mayUseGpu(unitFolder), checksFile);
  }
  if (choice.engine === "cuda") {
    const { openCudaWork } = await import("./open-cuda-backend.ts");
    return openCudaWork(choice, unitFolder === undefined || mayUseGpu(unitFolder));
  }
  const { openNativeBackend } = await import("./open-native-backend.ts");
  return openNativeBackend(choice);
}
