/** Decides how the engine as WebAssembly is opened: checked first, then used. */

import { createWasmBackend } from "../adapters/wasm-engine/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { proveExact } from "./prove-exact.ts";

/**
 * The kernels as WebAssembly, after every op has met the reference's bytes on this machine.
 * Throws Fault MINER_NOT_EXACT with the ops that did not, and WASM_ENGINE_BROKEN.
 */
export async function openWasmBackend(): Promise<EngineBackend> {
  return proveExact(createWasmBackend());
}
