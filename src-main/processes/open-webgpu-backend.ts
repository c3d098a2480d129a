/**
 * Decides how a graphics device is opened in a worker: its kernels race, every op meets the
 * reference's bytes, and where it is lost the unit goes on, once more on it, then on the processor.
 */

import {
  createWebgpuBackend,
  openGpu,
  raceProducts,
  steadyBackend,
} from "../adapters/webgpu-engine/index.ts";
import type { DeviceChoice } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { openProcessor } from "./open-processor.ts";
import { proveExact } from "./prove-exact.ts";

const now = (): number => performance.now();

/**
 * A graphics device after its race and self check.
 * @param adapter  its name; the first one where null
 * Throws Fault WEBGPU_ENGINE_… and MINER_NOT_EXACT.
 */
export async function openExactGpu(adapter: string | null): Promise<EngineBackend> {
  const device = await openGpu(adapter ?? undefined);
  const { products } = await raceProducts(device, now);
  return proveExact(createWebgpuBackend(device, { products }));
}

/**
 * The graphics device of a choice, backed by the processor.
 * @param mayUseGpu  false where the device ended this work's process before
 */
export function openWebgpuBackend(
  { isa, threads }: DeviceChoice,
  mayUseGpu: boolean,
): Promise<EngineBackend> {
  const gpu = () => openExactGpu(isa);
  const processor = () => openProcessor(threads);
  return steadyBackend(mayUseGpu ? [gpu, gpu, processor] : [processor], ({ from, to, fault }) => {
    // The daemon keeps a child's last words for its log.
    console.error(`work moves from ${from} to ${to}: ${fault.code} ${fault.message}`);
  });
}
