/** Decides which ops and state tensors a model's layers become. */
import { canon } from "../canon.ts";
import { appendAveragePool } from "../composites/average-pool.ts";
import { appendBatchNorm, appendRunningNorm } from "../composites/batch-norm.ts";
import { appendDropout } from "../composites/dropout.ts";
import { appendSilu } from "../composites/silu.ts";
import type { GraphValue } from "../ops/op.ts";
import { elementCount } from "../ops/op.ts";
import type { Initialiser } from "../program/program.ts";
import { featureCount } from "./model-config.ts";
import type { Activation, BatchNormLayer, Layer, ModelConfig } from "./model-config.ts";
import { ONES, refuseLayer, uniform } from "./model-writer.ts";
import type { ModelWriter } from "./model-writer.ts";
import { SequenceWriter } from "./transformer.ts";

/** Inside the root of batch norm. */
const EPSILON = canon(1e-5);

/** Uniform in ±√(6 / inputs): keeps the variance of relu layers (He et al. 2015). */
function heUniform(inputs: number): Initialiser {
  return uniform(Math.sqrt(6 / inputs));
}

/** Appends one layer after another. */
class LayerWriter {
  readonly #writer: ModelWriter;
  readonly #sequence: SequenceWriter;
  value: GraphValue;

  constructor(writer: ModelWriter, config: ModelConfig, input: GraphValue) {
    this.#writer = writer;
    this.#sequence = new SequenceWriter(writer, config.layers, config.classes);
    this.value = input;
  }

  append(layer: Layer, index: number): void {
    const { shape } = this.value;
    const { builder, profile } = this.#writer;
    switch (layer.type) {
      case "conv2d": {
        if (shape.length !== 4) refuseLayer(index, "conv2d takes an image; put flatten after it");
        const filter = [layer.kernel, layer.kernel, shape[3], layer.filters];
        const start = heUniform(layer.kernel * layer.kernel * shape[3]);
        const w = this.#writer.parameter(`layer-${index}/weights`, filter, start);
        const attributes = [profile, 1, (layer.kernel - 1) / 2];
        this.value = builder.op("conv2d", [this.value, w], attributes);
        this.#biasAndActivation(index, layer.filters, layer.activation);
        return;
      }
      case "dense": {
        if (shape.length !== 2) refuseLayer(index, "dense takes a vector; put flatten before it");
        const size = [shape[1], layer.units];
        const w = this.#writer.parameter(`layer-${index}/weights`, size, heUniform(shape[1]));
        this.value = builder.op("matmul", [this.value, w], [profile]);
        this.#biasAndActivation(index, layer.units, layer.activation);
        return;
      }
      case "max-pool":
        this.#refuseSmall(layer.type, layer.size, index);
        this.value = builder.op("max-pool", [this.value], [layer.size, layer.size]);
        return;
      case "average-pool":
        this.#refuseSmall(layer.type, layer.size, index);
        this.value = appendAveragePool(builder, this.value, layer.size);
        return;
      case "flatten": {
        const width = elementCount(shape.slice(1));
        this.value = builder.op("reshape", [this.value], [], [shape[0], width]);
        return;
      }
      case "relu":
        this.value = builder.op("relu", [this.value]);
        return;
      case "dropout":
        this.#drop(layer.rate);
        return;
      case "batch-norm":
        this.#normalise(layer, index);
        return;
      default:
        this.value = this.#sequence.append(this.value, layer, index);
    }
  }

  #refuseSmall(type: string, size: number, index: number): void {
    const { shape } = this.value;
    if (shape.length !== 4) refuseLayer(index, `${type} takes an image`);
    if (shape[1] < size || shape[2] < size) {
      refuseLayer(index, `the image of ${shape[1]} × ${shape[2]} is smaller than the window`);
    }
  }

  #drop(rate: number): void {
    const key = this.#writer.held("dropout/key", [2], uniform(1));
    if (!this.#writer.isTraining) return;
    const { builder } = this.#writer;
    this.value = appendDropout(builder, this.value, key, rate, this.#writer.nextMask());
  }

  #normalise({ momentum }: BatchNormLayer, index: number): void {
    const { builder, isTraining } = this.#writer;
    const channels = this.value.shape[this.value.shape.length - 1];
    const name = `layer-${index}`;
    const gain = this.#writer.parameter(`${name}/gain`, [channels], ONES);
    const shift = this.#writer.parameter(`${name}/shift`, [channels], { kind: "zeros" });
    const mean = this.#writer.held(`${name}/running-mean`, [channels], { kind: "zeros" });
    const variance = this.#writer.held(`${name}/running-variance`, [channels], ONES);
    if (!isTraining) {
      const running = { mean, variance };
      this.value = appendRunningNorm(builder, this.value, gain, shift, running, EPSILON);
      return;
    }
    const { y, statistics } = appendBatchNorm(builder, this.value, gain, shift, EPSILON);
    this.value = y;
    const kept = builder.filled(canon(momentum), [channels]);
    const taken = builder.filled(canon(1 - momentum), [channels]);
    for (const [state, fresh] of [
      [mean, statistics.mean],
      [variance, statistics.variance],
    ]) {
      const old = builder.op("mul", [state, kept]);
      builder.update(state, builder.op("add", [old, builder.op("mul", [fresh, taken])]));
    }
  }

  #biasAndActivation(index: number, width: number, activation: Activation): void {
    const { builder } = this.#writer;
    const b = this.#writer.parameter(`layer-${index}/bias`, [width], { kind: "zeros" });
    this.value = builder.op("bias", [this.value, b]);
    if (activation === "silu") this.value = appendSilu(builder, this.value);
    else if (activation !== "none") this.value = builder.op(activation, [this.value]);
  }
}

/** A vector a sample for a table, the tokens of a text, an image a sample otherwise. */
function asInput(
  { builder }: ModelWriter,
  input: ModelConfig["input"],
  features: GraphValue,
): GraphValue {
  if ("features" in input || "tokens" in input) return features;
  const image = [features.shape[0], input.height, input.width, input.channels];
  return builder.op("reshape", [features], [], image);
}

/**
 * Appends the forward pass from a loaded batch [B, F+1]; gives the logits [B, classes], of a model
 * that reads tokens [B·T, classes].
 * Stops the construction with ENGINE_MODEL_SHAPE where layers do not fit together.
 */
export function appendForward(
  writer: ModelWriter,
  config: ModelConfig,
  loaded: GraphValue,
): GraphValue {
  const { input, classes, layers } = config;
  const features = writer.builder.op("slice", [loaded], [1, 0, featureCount(input)]);
  const layerWriter = new LayerWriter(writer, config, asInput(writer, input, features));
  if ("tokens" in input && layers[0].type !== "embedding") {
    refuseLayer(0, "tokens go through an embedding first");
  }
  for (const [index, layer] of layers.entries()) layerWriter.append(layer, index);
  const logits = layerWriter.value;
  const rows = loaded.shape[0] * ("tokens" in input ? input.tokens : 1);
  if (logits.shape.length !== 2 || logits.shape[0] !== rows || logits.shape[1] !== classes) {
    refuseLayer(layers.length - 1, `the last layer gives ${classes} values, a class each`);
  }
  if (writer.parameters.length === 0) refuseLayer(0, "some layer has weights to learn");
  return logits;
}
