/** Decides how much faster than the processor a device is said to be, within two seconds. */

import { createNativeBackend } from "../adapters/native-engine/index.ts";
import { measureDevice } from "../miner/index.ts";
import type { MeasureOptions } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";

/** Long enough to tell which is faster; both together take about two seconds. */
const SHORT: MeasureOptions = {
  productSize: 64,
  eachMs: 300,
  mostMs: 1_000,
  products: [],
  steps: ["cnn", "transformer"],
};

/** Steps a second of each standard step. */
async function ratesOf(backend: EngineBackend): Promise<readonly number[]> {
  const needs = { nowMs: () => performance.now(), counter: null };
  const { steps } = await measureDevice(backend, SHORT, needs);
  return steps.map(({ stepsPerSecond }) => stepsPerSecond);
}

/**
 * How many times as fast as the processor a device takes the standard steps. The least gain counts:
 * whatever is trained, it shall not become slower.
 * @param threads  of the processor
 */
export async function measureSpeedup(backend: EngineBackend, threads: number): Promise<number> {
  const own = await ratesOf(backend);
  const other = await ratesOf(createNativeBackend({ threads }));
  return Math.min(...own.map((rate, at) => rate / other[at]));
}
