/**
 * Decides how a graphics device is opened in a worker: its kernels raced and every op met the
 * reference's bytes, and where it is lost the unit goes on, once more on it, then on the processor.
 */

import { steadyBackend } from "../adapters/webgpu-engine/index.ts";
import type { DeviceChoice } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { openCheckedGpu } from "./open-checked-gpu.ts";
import { openProcessor } from "./open-processor.ts";

/**
 * The graphics device of a choice, backed by the processor.
 * @param mayUseGpu   false where the device ended this work's process before
 * @param checksFile  where races and checks are remembered; undefined: nowhere
 */
export function openWebgpuBackend(
  { isa, threads }: DeviceChoice,
  mayUseGpu: boolean,
  checksFile: string | undefined,
): Promise<EngineBackend> {
  const opened = async (file: string | undefined) => (await openCheckedGpu(isa, file)).backend;
  const gpu = () => opened(checksFile);
  // A device that was lost is looked at anew.
  const again = () => opened(undefined);
  const processor = () => openProcessor(threads);
  return steadyBackend(mayUseGpu ? [gpu, again, processor] : [processor], ({ from, to, fault }) => {
    // The daemon keeps a child's last words for its log.
    console.error(`work moves from ${from} to ${to}: ${fault.code} ${fault.message}`);
  });
}
