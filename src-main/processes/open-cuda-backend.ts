/**
 * Decides how a CUDA device is opened in a worker: every op meets the reference's bytes, and where
 * the device is lost the unit goes on, once more on it, then on the processor.
 */

import { openCudaBackend } from "../adapters/native-engine/index.ts";
// Not the adapter's face, which loads the driver of every graphics device.
import { steadyBackend } from "../adapters/webgpu-engine/steady-backend.ts";
import type { DeviceChoice } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { openProcessor } from "./open-processor.ts";
import { proveExact } from "./prove-exact.ts";

/**
 * A CUDA device after its self check.
 * @param device  its name; the first one where null
 * Throws Fault CUDA_ENGINE_… and MINER_NOT_EXACT.
 */
export async function openExactCuda(device: string | null): Promise<EngineBackend> {
  const backend = openCudaBackend(device === null ? {} : { device });
  try {
    return await proveExact(backend);
  } catch (error) {
    backend.close();
    throw error;
  }
}

/**
 * The CUDA device of a choice, backed by the processor.
 * @param mayUseGpu  false where the device ended this work's process before
 */
export function openCudaWork(
  { isa, threads }: DeviceChoice,
  mayUseGpu: boolean,
): Promise<EngineBackend> {
  const gpu = () => openExactCuda(isa);
  const processor = () => openProcessor(threads);
  return steadyBackend(mayUseGpu ? [gpu, gpu, processor] : [processor], ({ from, to, fault }) => {
    // The daemon keeps a child's last words for its log.
    console.error(`work moves from ${from} to ${to}: ${fault.code} ${fault.message}`);
  });
}
