/** Decides how a model becomes step programs: one that trains, one that only looks. */
import { invariant } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { appendForward } from "./models/layers.ts";
import { featureCount } from "./models/model-config.ts";
import type { ModelConfig } from "./models/model-config.ts";
import { appendSoftmaxCrossEntropy } from "./models/cross-entropy.ts";
import { ENCODING, encodedSampleBytes } from "./ops/load.ts";
import type { GraphValue } from "./ops/op.ts";
import { appendAdamW } from "./optimizers/adam-w.ts";
import { appendSgdMomentum } from "./optimizers/sgd-momentum.ts";
import { GraphStop, ProgramBuilder } from "./program/builder.ts";
import { checkProgram } from "./program/check.ts";
import { appendGradients } from "./program/gradient.ts";
import type { Program } from "./program/program.ts";

/** How a sample of this model's data holds its features: bytes for images, f32 for tables. */
function encodingOf({ input }: ModelConfig): number {
  return "features" in input ? ENCODING.floats : ENCODING.bytes;
}

/** Bytes of one sample: the features in the model's encoding, then the label. */
export function sampleBytes(config: ModelConfig): number {
  return encodedSampleBytes(encodingOf(config), featureCount(config.input));
}

/** Op 0: the batch as [B, F+1]. */
function appendLoad(builder: ProgramBuilder, config: ModelConfig, batchSize: number): GraphValue {
  const shape = [batchSize, featureCount(config.input) + 1];
  return builder.op("load", [], [encodingOf(config)], shape);
}

/** Runs a construction; what stops it becomes the rejection. */
function construct(write: (builder: ProgramBuilder) => void): Outcome<Program> {
  const builder = new ProgramBuilder();
  try {
    write(builder);
  } catch (error) {
    if (error instanceof GraphStop) return { ok: false, rejection: error.rejection };
    throw error;
  }
  return checkProgram(builder.finish());
}

function appendUpdates(
  builder: ProgramBuilder,
  optimizer: ModelConfig["optimizer"],
  parameters: readonly GraphValue[],
  gradients: readonly GraphValue[],
): void {
  switch (optimizer.type) {
    case "sgd-momentum":
      appendSgdMomentum(builder, optimizer, parameters, gradients);
      return;
    case "adam-w":
      appendAdamW(builder, optimizer, parameters, gradients);
  }
}

/**
 * The training step: forward, loss, backward, update in one program. States are weights and
 * biases in layer order, then what the optimizer keeps; outputs are "loss" [1] and "logits".
 * @rejects ENGINE_MODEL_SHAPE, ENGINE_NO_GRADIENT and the codes of `checkProgram`
 */
export function compileTraining(config: ModelConfig): Outcome<Program> {
  return construct((builder) => {
    const loaded = appendLoad(builder, config, config.batchSize);
    const labels = builder.op("slice", [loaded], [1, featureCount(config.input), 1]);
    const targets = builder.op("one-hot", [labels], [config.classes]);
    const { logits, parameters } = appendForward(builder, config, loaded);
    const { loss, logitsGradient } = appendSoftmaxCrossEntropy(builder, logits, targets);
    const gradients = appendGradients(builder, logits, logitsGradient, parameters);
    appendUpdates(builder, config.optimizer, parameters, gradients);
    builder.output("loss", loss);
    builder.output("logits", logits);
  });
}

/**
 * The forward pass alone, for hold-out accuracy: output "logits" [batchSize, classes], no
 * updates. Its states are the first states of the training program, in the same order.
 * @param batchSize  samples a run; the model's own when absent
 */
export function compileEvaluation(
  config: ModelConfig,
  batchSize: number = config.batchSize,
): Outcome<Program> {
  return construct((builder) => {
    const loaded = appendLoad(builder, config, batchSize);
    builder.output("logits", appendForward(builder, config, loaded).logits);
  });
}

/**
 * For each state of the evaluation program, the index of the same tensor in the training program.
 */
export function stateMapping(training: Program, evaluation: Program): readonly number[] {
  return evaluation.states.map(({ name }) => {
    const index = training.states.findIndex((state) => state.name === name);
    invariant(index >= 0, "both programs come from one model");
    return index;
  });
}
