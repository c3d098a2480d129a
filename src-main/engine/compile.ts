/** Decides how a model becomes step programs: one that trains, one that only looks. */
import { invariant } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { canon } from "./canon.ts";
import { appendClipNorm } from "./composites/clip-norm.ts";
import { appendConcat } from "./composites/concat.ts";
import { appendForward } from "./models/layers.ts";
import { featureCount } from "./models/model-config.ts";
import type { ModelConfig } from "./models/model-config.ts";
import { ModelWriter, refuseLayer } from "./models/model-writer.ts";
import { hasLayer } from "./models/residual.ts";
import { appendSoftmaxCrossEntropy } from "./models/cross-entropy.ts";
import { ENCODING, encodedSampleBytes } from "./ops/load.ts";
import type { GraphValue } from "./ops/op.ts";
import { PROFILE } from "./ops/profile.ts";
import { appendAdamW } from "./optimizers/adam-w.ts";
import { appendSgdMomentum } from "./optimizers/sgd-momentum.ts";
import { GraphStop, ProgramBuilder } from "./program/builder.ts";
import { checkProgram } from "./program/check.ts";
import { appendGradients } from "./program/gradient.ts";
import type { Program } from "./program/program.ts";

/** Tokens of a vocabulary up to here are one byte each. */
const BYTE_VOCABULARY_MAX = 256;

/** How a sample of this model's data holds its features: bytes, f32, or tokens of 1 or 2 bytes. */
function encodingOf({ input, classes }: ModelConfig): number {
  if ("features" in input) return ENCODING.floats;
  if (!("tokens" in input)) return ENCODING.bytes;
  return classes <= BYTE_VOCABULARY_MAX ? ENCODING.byteTokens : ENCODING.wordTokens;
}

/** Bytes of one sample: the features in the model's encoding, then the label or last token. */
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

/** What the logits should be, one-hot: the label, or for each token the one after it. */
function appendTargets(
  { builder }: ModelWriter,
  { input, classes }: ModelConfig,
  loaded: GraphValue,
): GraphValue {
  const count = featureCount(input);
  if (!("tokens" in input)) {
    return builder.op("one-hot", [builder.op("slice", [loaded], [1, count, 1])], [classes]);
  }
  const next = builder.op("slice", [loaded], [1, 1, count]);
  const column = builder.op("reshape", [next], [], [loaded.shape[0] * count, 1]);
  return builder.op("one-hot", [column], [classes]);
}

/** Loss, logits and gradients of one part of the batch, or of all of it. */
interface Pass {
  readonly loss: GraphValue;
  readonly logits: GraphValue;
  readonly gradients: readonly GraphValue[];
}

function appendPass(writer: ModelWriter, config: ModelConfig, loaded: GraphValue): Pass {
  const { builder } = writer;
  const targets = appendTargets(writer, config, loaded);
  const logits = appendForward(writer, config, loaded);
  const { loss, logitsGradient } = appendSoftmaxCrossEntropy(builder, logits, targets);
  const gradients = appendGradients(builder, logits, logitsGradient, writer.parameters);
  return { loss, logits, gradients };
}

/** The parts one after the other; losses and gradients are added in their order, then divided. */
function appendParts(
  writer: ModelWriter,
  config: ModelConfig,
  loaded: GraphValue,
  parts: number,
): Pass {
  const { builder } = writer;
  const rows = config.batchSize / parts;
  const passes = Array.from({ length: parts }, (_, part) => {
    return appendPass(writer, config, builder.op("slice", [loaded], [0, part * rows, rows]));
  });
  const mean = (values: readonly GraphValue[]): GraphValue => {
    const sum = values.reduce((total, value) => builder.op("add", [total, value]));
    const ones = sum.shape.map(() => 1);
    return builder.op("div", [sum, builder.filled(parts, ones)]);
  };
  return {
    loss: mean(passes.map(({ loss }) => loss)),
    logits: passes
      .map(({ logits }) => logits)
      .reduce((above, below) => appendConcat(builder, above, below, 0)),
    gradients: writer.parameters.map((_, at) => mean(passes.map((pass) => pass.gradients[at]))),
  };
}

/**
 * The training step: forward, loss, backward, update in one program. States are weights and
 * biases in layer order, then what the optimizer keeps; outputs are "loss" [1] and "logits".
 * @rejects ENGINE_MODEL_SHAPE, ENGINE_NO_GRADIENT and the codes of `checkProgram`
 */
export function compileTraining(config: ModelConfig): Outcome<Program> {
  return construct((builder) => {
    const { accumulate = 1, batchSize, clipNorm, optimizer, profile = "I14" } = config;
    const loaded = appendLoad(builder, config, batchSize);
    const writer = new ModelWriter(builder, { profile: PROFILE[profile], isTraining: true });
    if (accumulate > 1) refuseBatchNorm(config);
    const pass =
      accumulate > 1
        ? appendParts(writer, config, loaded, accumulate)
        : appendPass(writer, config, loaded);
    const gradients =
      clipNorm === undefined
        ? pass.gradients
        : appendClipNorm(builder, pass.gradients, canon(clipNorm));
    appendUpdates(builder, optimizer, writer.parameters, gradients);
    builder.output("loss", pass.loss);
    builder.output("logits", pass.logits);
  });
}

/** Statistics of a part are not those of the batch, and a state is updated once a step. */
function refuseBatchNorm({ layers }: ModelConfig): void {
  const index = layers.findIndex((layer) => hasLayer([layer], "batch-norm"));
  if (index >= 0) refuseLayer(index, "batch-norm sees the whole batch: accumulate is 1");
}

/**
 * The forward pass alone, for hold-out accuracy: output "logits" [batchSize, classes]
 * (of a model that reads tokens a row a token), no updates. Its states are the first states of the
 * training program, in the same order.
 * @param batchSize  samples a run; the model's own when absent
 */
export function compileEvaluation(
  config: ModelConfig,
  batchSize: number = config.batchSize,
): Outcome<Program> {
  return construct((builder) => {
    const loaded = appendLoad(builder, config, batchSize);
    const profile = PROFILE[config.profile ?? "I14"];
    const writer = new ModelWriter(builder, { profile, isTraining: false });
    builder.output("logits", appendForward(writer, config, loaded));
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
