/**
 * Decides how fast a device is said to be: exact products and whole training steps, each run for a
 * short time and told by the median, so that one interruption does not count.
 */

import { opCost } from "../../engine/index.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";
import { openOp, opProgram, OP_BATCH, squareProduct } from "./op-program.ts";
import { openStandardStep, STANDARD_STEPS } from "./standard-steps.ts";
import type { StandardStep } from "./standard-steps.ts";

/** Rate of one profile's product. */
export interface ProductRate {
  readonly profile: "I14" | "I8";
  /** Rows, columns and depth. */
  readonly size: number;
  /** Multiplications and additions a second, in thousands of millions. */
  readonly gops: number;
}

/** Rate of a standard step. */
export interface StepRate {
  readonly step: StandardStep;
  readonly batchSize: number;
  readonly stepsPerSecond: number;
}

/** What was measured of a device. */
export interface DeviceRates {
  readonly products: readonly ProductRate[];
  readonly steps: readonly StepRate[];
}

/** How long and with what a device is measured. */
export interface MeasureOptions {
  /** Side of the matrices. */
  readonly productSize: number;
  /** Least milliseconds for each rate; at least three runs whatever they take. */
  readonly eachMs: number;
}

/** Runs measured at least, so that a median says something. */
const RUNS_MIN = 3;

/** As the attribute `profile` of matmul has them. */
const PROFILES = [
  { profile: "I14", attribute: 0 },
  { profile: "I8", attribute: 2 },
] as const;

/** Measures a device. @param nowMs  monotonic milliseconds with fractions */
export async function measureDevice(
  backend: EngineBackend,
  options: MeasureOptions,
  nowMs: () => number,
): Promise<DeviceRates> {
  const products: ProductRate[] = [];
  for (const { profile, attribute } of PROFILES) {
    const question = squareProduct(attribute, options.productSize);
    const session = await openOp(backend, question);
    try {
      const ms = await medianMs(() => session.run(1, OP_BATCH), options.eachMs, nowMs);
      const program = opProgram(question);
      const operations = 2 * opCost(program, program.ops[1]);
      products.push({ profile, size: options.productSize, gops: operations / ms / 1e6 });
    } finally {
      session.close();
    }
  }
  const steps: StepRate[] = [];
  for (const step of ["cnn", "mlp"] as const) {
    const model = STANDARD_STEPS[step];
    const { session, batch } = await openStandardStep(backend, model);
    try {
      let number = 0;
      const run = (): Promise<void> => session.run((number += 1), batch);
      const ms = await medianMs(run, options.eachMs, nowMs);
      steps.push({ step, batchSize: model.batchSize, stepsPerSecond: 1000 / ms });
    } finally {
      session.close();
    }
  }
  return { products, steps };
}

/** Median time of a run, after one that is not counted. */
export async function medianMs(
  run: () => Promise<void>,
  leastMs: number,
  nowMs: () => number,
): Promise<number> {
  await run();
  const times: number[] = [];
  const began = nowMs();
  while (times.length < RUNS_MIN || nowMs() - began < leastMs) {
    const before = nowMs();
    await run();
    times.push(nowMs() - before);
  }
  times.sort((left, right) => left - right);
  return times[Math.floor(times.length / 2)];
}
