/** Decides which engine a child process computes with, and that it has proved itself exact here. */

import { ReferenceBackend } from "../engine/index.ts";
import type { DeviceChoice } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";

/**
 * Opens the chosen engine. A compiled one runs every op against the reference before it may earn.
 * Throws a Fault where it is not built, not offered here or not exact.
 */
export async function openBackend(choice: DeviceChoice): Promise<EngineBackend> {
  if (choice.engine === "reference") return new ReferenceBackend();
  // Loaded only here: a machine without a compiler has no addon.
  if (choice.engine === "wasm") {
    const { openWasmBackend } = await import("./open-wasm-backend.ts");
    return openWasmBackend();
  }
  const { openNativeBackend } = await import("./open-native-backend.ts");
  return openNativeBackend(choice);
}
