/** Decides which engine of the processor goes on where a graphics device is lost. */

import { availableParallelism } from "node:os";
import { createNativeBackend } from "../adapters/native-engine/index.ts";
import { createWasmBackend } from "../adapters/wasm-engine/index.ts";
import { Fault } from "../contract/outcome.ts";
import { ReferenceBackend } from "../engine/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { proveExact } from "./prove-exact.ts";

/** The fastest engine of the processor that is here and exact; the reference always is. */
export async function openProcessor(threads: number | null): Promise<EngineBackend> {
  const openers: readonly (() => EngineBackend)[] = [
    () => createNativeBackend({ threads: threads ?? availableParallelism() }),
    () => createWasmBackend(),
  ];
  for (const open of openers) {
    try {
      return await proveExact(open());
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
  return new ReferenceBackend();
}
