/** Decides what a graphics child can be asked. All answers are plain values. */
import {
  checkCase,
  differingElement,
  valueOf,
} from "../../../src-main/adapters/native-engine/index.ts";
import {
  createWebgpuBackend,
  openGpu,
  productCandidates,
} from "../../../src-main/adapters/webgpu-engine/index.ts";
import type {
  ProductChoices,
  WebgpuBackend,
} from "../../../src-main/adapters/webgpu-engine/index.ts";
import { ReferenceBackend, bitsOfFloat } from "../../../src-main/engine/index.ts";

import { trainingRun } from "./training-runs.ts";
import type { TrainingRun } from "./training-runs.ts";

/** The kernels of that place in the lists of candidates; the last one where there are fewer. */
async function backendWith(place: number): Promise<WebgpuBackend> {
  const device = await openGpu();
  const { wide, narrow } = productCandidates(device);
  const products: ProductChoices = {
    wide: wide[Math.min(place, wide.length - 1)],
    narrow: narrow[Math.min(place, narrow.length - 1)],
  };
  return createWebgpuBackend(device, { products });
}

/** Differences from the reference, in words, by op. */
async function differences(
  place: unknown,
  ops: unknown,
  seeds: unknown,
  elements: unknown,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const backend = await backendWith(place as number);
  const reference = new ReferenceBackend();
  const found: Record<string, string[]> = {};
  for (const op of ops as readonly string[]) {
    found[op] = [];
    for (const seed of seeds as readonly number[]) {
      const check = checkCase(op, seed, elements as number);
      const given = await valueOf(backend, check);
      const expected = await valueOf(reference, check);
      const at = differingElement(given, expected);
      if (at < 0) continue;
      const [a, b] = [given, expected].map((values) => bitsOfFloat(values[at]).toString(16));
      found[op].push(`seed ${seed}: element ${at} of ${expected.length} is ${a}, reference ${b}`);
    }
  }
  return found;
}

/** Runs of several models on one device, by name. */
async function trainings(
  place: unknown,
  names: unknown,
  steps: unknown,
): Promise<Readonly<Record<string, TrainingRun>>> {
  const backend = await backendWith(place as number);
  const runs: Record<string, TrainingRun> = {};
  for (const name of names as readonly string[]) {
    runs[name] = await trainingRun(backend, name, steps as number);
  }
  return runs;
}

/** Tasks by name. */
export const TASKS: Readonly<Record<string, (...parameters: unknown[]) => Promise<unknown>>> = {
  differences,
  trainings,
};
