/**
 * Decides what a processor without any meter is taken to draw at full load: what its owner says,
 * else 8 W for each of its threads, from 15 to 400 W. It is a model (tier D) with a band of ±50 %.
 */

import { availableParallelism } from "node:os";

import type { TdpDescription } from "../../../adapters/meters/index.ts";
import type { MeterIdentity } from "../../../ports/meter.ts";

const WATTS_A_THREAD = 8;
const LEAST_WATTS = 15;
const MOST_WATTS = 400;
const IDLE_SHARE = 0.1;

/** What of a meter says whose energy it counts. */
export type MeterPlace = Pick<MeterIdentity, "role" | "boundary" | "device">;

/** Whether a meter's load holds the processor's: its own, or anything wider than one device. */
export function holdsProcessor({ role, boundary, device }: MeterPlace): boolean {
  if (role !== "load") return false;
  return boundary !== "accelerators" || (device?.startsWith("cpu") ?? false);
}

/** @param watts  0: by the threads */
export function processorModel(watts: number): TdpDescription {
  const byThreads = WATTS_A_THREAD * availableParallelism();
  const nameplateWatts =
    watts === 0 ? Math.min(MOST_WATTS, Math.max(LEAST_WATTS, byThreads)) : watts;
  return {
    kind: "tdp-model",
    id: "tdp-processor",
    role: "load",
    boundary: "accelerators",
    device: "cpu",
    uncertaintyPercent: 50,
    calibration: null,
    nameplateWatts,
    idleWatts: nameplateWatts * IDLE_SHARE,
  };
}
