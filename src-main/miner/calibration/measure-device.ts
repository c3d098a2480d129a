/**
 * Decides how fast a device is said to be: exact products and whole training steps, each run for a
 * short time and told by the median, so that one interruption does not count. Where energy is
 * counted, what all runs together took is shared out evenly.
 */

import { opCost } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { openOp, opProgram, OP_BATCH, squareProduct } from "./op-program.ts";
import { openStandardStep, STANDARD_STEPS } from "./standard-steps.ts";
import type { StandardStep } from "./standard-steps.ts";

/** What a product is made in; f32 on engines that are not exact. */
export type ProductProfile = "I14" | "I8" | "f32";

/** Rate of one profile's product. */
export interface ProductRate {
  readonly profile: ProductProfile;
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
  /** Joules a step, all that the counter counts; null where nothing is metered. */
  readonly joulesPerStep: number | null;
  /** Memory a step touches as planned, in bytes; null where the engine does not plan it. */
  readonly stepBytes: number | null;
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
  /** Least milliseconds for each rate; at least three runs where these are short. */
  readonly eachMs: number;
  /** A run that takes longer than this is measured once. */
  readonly mostMs: number;
  readonly products: readonly ProductProfile[];
  readonly steps: readonly StandardStep[];
}

/** What counts the energy of what is measured, in joules since some moment. */
export interface JoulesCounter {
  joules(): number | Promise<number>;
}

/** Clock and meter of a measurement. */
export interface MeasureNeeds {
  /** Monotonic milliseconds with fractions. */
  readonly nowMs: () => number;
  /** Null where nothing is metered. */
  readonly counter: JoulesCounter | null;
}

/** Runs measured at least, so that a median says something. */
const RUNS_MIN = 3;

/** Samples wanted of a device whose runs end before their work: several runs are one of them. */
const SAMPLES = 8;

/** Runs of such a sample at most. */
const TOGETHER_MAX = 64;

/** As the attribute `profile` of matmul has them; a float engine reads none. */
const ATTRIBUTES: Readonly<Record<ProductProfile, number>> = { I14: 0, I8: 2, f32: 0 };

/** Measures a device. */
export async function measureDevice(
  backend: EngineBackend,
  options: MeasureOptions,
  needs: MeasureNeeds,
): Promise<DeviceRates> {
  const products: ProductRate[] = [];
  for (const profile of options.products) {
    products.push(await measureProduct(backend, profile, options, needs));
  }
  const steps: StepRate[] = [];
  for (const step of options.steps) steps.push(await measureStep(backend, step, options, needs));
  return { products, steps };
}

async function measureProduct(
  backend: EngineBackend,
  profile: ProductProfile,
  options: MeasureOptions,
  needs: MeasureNeeds,
): Promise<ProductRate> {
  const size = options.productSize;
  const question = squareProduct(ATTRIBUTES[profile], size);
  const session = await openOp(backend, question);
  try {
    const { ms } = await measureRuns(() => session.run(1, OP_BATCH), options, needs, session);
    const program = opProgram(question);
    return { profile, size, gops: (2 * opCost(program, program.ops[1])) / ms / 1e6 };
  } finally {
    session.close();
  }
}

async function measureStep(
  backend: EngineBackend,
  step: StandardStep,
  options: MeasureOptions,
  needs: MeasureNeeds,
): Promise<StepRate> {
  const model = STANDARD_STEPS[step];
  const { session, batch } = await openStandardStep(backend, model);
  try {
    let number = 0;
    const run = (): Promise<void> => session.run((number += 1), batch);
    const { ms, joules } = await measureRuns(run, options, needs, session);
    const { batchSize } = model;
    const stepBytes = session.stepBytes ?? null;
    return { step, batchSize, stepsPerSecond: 1000 / ms, joulesPerStep: joules, stepBytes };
  } finally {
    session.close();
  }
}

/** Time and energy of one run. */
export interface RunCost {
  /** The median. */
  readonly ms: number;
  /** The mean of all runs together; null where nothing is metered. */
  readonly joules: number | null;
}

/**
 * Measures runs, after one that is not counted unless it alone takes too long to be repeated.
 * @param session  whose runs they are; where they end before their work, several are timed together
 */
export async function measureRuns(
  run: () => Promise<void>,
  { eachMs, mostMs }: Pick<MeasureOptions, "eachMs" | "mostMs">,
  { nowMs, counter }: MeasureNeeds,
  session: Pick<EngineSession, "finished"> = {},
): Promise<RunCost> {
  const timed = async (runs: number): Promise<number> => {
    const before = nowMs();
    for (let i = 0; i < runs; i += 1) await run();
    await session.finished?.();
    return (nowMs() - before) / runs;
  };
  let joulesBefore = (await counter?.joules()) ?? 0;
  const first = await timed(1);
  const fitting = session.finished === undefined ? 1 : Math.floor(eachMs / SAMPLES / first);
  const together = Math.max(1, Math.min(TOGETHER_MAX, fitting));
  const times: number[] = [];
  if (first > mostMs) {
    times.push(first);
  } else {
    joulesBefore = (await counter?.joules()) ?? 0;
    const began = nowMs();
    while (times.length < RUNS_MIN || nowMs() - began < eachMs) times.push(await timed(together));
  }
  const used = counter === null ? null : (await counter.joules()) - joulesBefore;
  const runs = first > mostMs ? 1 : together * times.length;
  const joules = used === null ? null : used / runs;
  times.sort((left, right) => left - right);
  return { ms: times[Math.floor(times.length / 2)], joules };
}
