/** Decides how the compiled engine is opened in a child process: checked first, then used. */

import { availableParallelism } from "node:os";
import { createNativeBackend } from "../adapters/native-engine/index.ts";
import type { DeviceChoice } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { proveExact } from "./prove-exact.ts";

/**
 * The native engine, after every op has met the reference's bytes on this machine.
 * Throws Fault MINER_NOT_EXACT with the ops that did not, and those of `createNativeBackend`.
 */
export function openNativeBackend(choice: DeviceChoice): Promise<EngineBackend> {
  const backend = createNativeBackend({
    threads: choice.threads ?? availableParallelism(),
    ...(choice.isa === null ? {} : { simd: choice.isa }),
  });
  return proveExact(backend);
}
