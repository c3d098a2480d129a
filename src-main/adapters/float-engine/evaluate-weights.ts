/**
 * Decides what trained weights are worth on samples they have not seen: mean loss and share of
 * right answers. The engine that computes is an argument, so float and exact engines can be set
 * beside each other on the same weights.
 */

import { Fault, invariant } from "../../contract/outcome.ts";
import {
  compileEvaluation,
  compileTraining,
  encodeProgram,
  featureCount,
  sampleBytes,
  stateMapping,
} from "../../engine/index.ts";
import type { ModelConfig } from "../../engine/index.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";

/** What was found. */
export interface WeightsEvaluation {
  /** Mean cross-entropy of an answer, in nats, from logits in double precision. */
  readonly loss: number;
  /** Share of answers whose greatest logit is the right one; ties go to the lowest class. */
  readonly accuracy: number;
  /** Answers that were looked at: one a sample, of a text one a token. */
  readonly answers: number;
}

/** Samples that one run of the evaluation takes at most, so that memory stays small. */
const BATCH_MAX = 100;

/** The right answers of joined samples: labels, or for each token the one after it. */
export function answersOf(model: ModelConfig, samples: Uint8Array): readonly number[] {
  const size = sampleBytes(model);
  const answers: number[] = [];
  for (let end = size; end <= samples.length; end += size) {
    if (!("tokens" in model.input)) {
      answers.push(samples[end - 1]);
      continue;
    }
    const width = size / (featureCount(model.input) + 1);
    for (let at = end - size + width; at < end; at += width) {
      answers.push(samples[at] + (width === 2 ? 256 * samples[at + 1] : 0));
    }
  }
  return answers;
}

/** Loss of one row of logits, and whether its greatest is the answer's. */
function judge(logits: Float32Array, first: number, classes: number, answer: number) {
  let best = 0;
  for (let at = 1; at < classes; at += 1) {
    if (logits[first + at] > logits[first + best]) best = at;
  }
  const greatest = logits[first + best];
  let total = 0;
  for (let at = 0; at < classes; at += 1) total += Math.exp(logits[first + at] - greatest);
  return { loss: Math.log(total) + greatest - logits[first + answer], isRight: best === answer };
}

function compiled<T>(outcome: { ok: true; value: T } | { ok: false; rejection: { code: string } }) {
  if (outcome.ok) return outcome.value;
  throw new Fault(outcome.rejection.code, "the model was refused");
}

/**
 * Evaluates weights.
 * @param states   the state tensors of the model's training program, as `decodeState` gives them
 * @param samples  whole samples, joined, in the model's encoding; at least one
 * @throws Fault with the code of a model that is refused, and those of the engine
 */
export async function evaluateWeights(
  backend: EngineBackend,
  model: ModelConfig,
  states: readonly Float32Array[],
  samples: Uint8Array,
): Promise<WeightsEvaluation> {
  const size = sampleBytes(model);
  const count = samples.length / size;
  invariant(Number.isInteger(count) && count >= 1, "samples are whole");
  const batchSize = Math.min(BATCH_MAX, count);
  const program = compiled(compileEvaluation(model, batchSize));
  const mapping = stateMapping(compiled(compileTraining(model)), program);
  const session = await backend.open(encodeProgram(program));
  try {
    for (const [at, from] of mapping.entries()) await session.upload(at, states[from]);
    return await runSamples({ model, samples, size, batchSize }, async (batch) => {
      await session.run(1, batch);
      return session.output(0);
    });
  } finally {
    session.close();
  }
}

interface Work {
  readonly model: ModelConfig;
  readonly samples: Uint8Array;
  readonly size: number;
  readonly batchSize: number;
}

async function runSamples(
  { model, samples, size, batchSize }: Work,
  logitsOf: (batch: Uint8Array) => Promise<Float32Array>,
): Promise<WeightsEvaluation> {
  const answers = answersOf(model, samples);
  const count = samples.length / size;
  const each = answers.length / count;
  let loss = 0;
  let right = 0;
  for (let first = 0; first < count; first += batchSize) {
    // Programs have static shapes, so the last batch is filled up with samples seen before.
    const begin = Math.min(first, count - batchSize);
    const logits = await logitsOf(samples.subarray(begin * size, (begin + batchSize) * size));
    for (let row = (first - begin) * each; row < batchSize * each; row += 1) {
      const answer = answers[begin * each + row];
      const judged = judge(logits, row * model.classes, model.classes, answer);
      loss += judged.loss;
      right += judged.isRight ? 1 : 0;
    }
  }
  return { loss: loss / answers.length, accuracy: right / answers.length, answers: answers.length };
}
