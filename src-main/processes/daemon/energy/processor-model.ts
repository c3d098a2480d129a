/**
 * Decides what a processor without any meter is taken to draw at full load: what its owner says,
 * else 8 W for each of its threads, from 15 to 400 W. It is a model (tier D) with a band of ±50 %.
 */

import { availableParallelism } from "node:os";

import type { TdpDescription } from "../../../adapters/meters/index.ts";

const WATTS_A_THREAD = 8;
const LEAST_WATTS = 15;
const MOST_WATTS = 400;
const IDLE_SHARE = 0.1;

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
