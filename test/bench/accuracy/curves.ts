/**
 * Decides how one arithmetic trains a model: from the seed's weights on the seed's batches, so that
 * two runs of one seed differ in arithmetic alone.
 */

import { answersOf, evaluateWeights } from "../../../src-main/adapters/float-engine/index.ts";
import {
  batchIndices,
  compileTraining,
  encodeProgram,
  initialStates,
  sampleBytes,
} from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import { downloadStates } from "../../../src-main/miner/training/session-states.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { mustHold } from "../bench-kit.ts";
import type { Study } from "./studies.ts";

/** What one training gave. */
export interface Curve {
  /** Training loss of each step, in nats. */
  readonly losses: readonly number[];
  readonly holdoutLoss: number;
  readonly holdoutAccuracy: number;
  readonly seconds: number;
}

/** A seed of 32 bytes. */
export function seedBytes(seed: number): Uint8Array {
  return new Uint8Array(32).fill(seed);
}

/** The batch of a step. */
export function batchOf(
  { model, train }: Pick<Study, "model" | "train">,
  seed: number,
  step: number,
): Uint8Array {
  const size = sampleBytes(model);
  const batch = new Uint8Array(size * model.batchSize);
  const picked = batchIndices(seedBytes(seed), step, model.batchSize, train.length / size);
  for (const [slot, sample] of picked.entries()) {
    batch.set(train.subarray(sample * size, (sample + 1) * size), slot * size);
  }
  return batch;
}

/**
 * Trains and looks at the result with the same arithmetic.
 * @param model  the study's, in the profile to train with
 */
export async function trainCurve(
  backend: EngineBackend,
  study: Study,
  model: ModelConfig,
  seed: number,
): Promise<Curve> {
  const compiled = compileTraining(model);
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  const program = compiled.value;
  const session = await backend.open(encodeProgram(program));
  const began = performance.now();
  try {
    for (const [at, values] of initialStates(seedBytes(seed), program).entries()) {
      await session.upload(at, values);
    }
    const losses: number[] = [];
    for (let step = 1; step <= study.steps; step += 1) {
      await session.run(step, batchOf(study, seed, step));
      losses.push((await session.output(0))[0]);
    }
    mustHold(losses.every(Number.isFinite), `${study.name}: a loss is no number`);
    const seconds = (performance.now() - began) / 1000;
    const states = await downloadStates(session, program);
    const seen = await evaluateWeights(backend, model, states, study.holdout);
    mustHold(seen.answers === answersOf(model, study.holdout).length, "all answers are judged");
    return { losses, holdoutLoss: seen.loss, holdoutAccuracy: seen.accuracy, seconds };
  } finally {
    session.close();
  }
}

/** Mean loss of the last steps up to `step`, so that one batch's luck does not count. */
export function meanLoss(losses: readonly number[], step: number, over: number): number {
  const part = losses.slice(Math.max(0, step - over), step);
  return part.reduce((sum, loss) => sum + loss, 0) / part.length;
}
