/** Decides which ops and state tensors a model's layers become. */
import { canon } from "../canon.ts";
import { appendAveragePoolOver } from "../composites/average-pool.ts";
import { appendBatchNorm, appendRunningNorm } from "../composites/batch-norm.ts";
import { appendLeakyRelu, appendRelu6 } from "../composites/bent-relu.ts";
import { appendConcat } from "../composites/concat.ts";
import { appendDropout } from "../composites/dropout.ts";
import { appendGlobalAveragePool } from "../composites/global-pool.ts";
import { appendGlobalMaxPool, appendMaxPool } from "../composites/max-pool-over.ts";
import { appendSilu } from "../composites/silu.ts";
import { appendZeros, sameEnds } from "../composites/windows.ts";
import type { GraphValue } from "../ops/op.ts";
import { elementCount, sameShape } from "../ops/op.ts";
import type { Initialiser } from "../program/program.ts";
import { appendConvolution, appendDepthwiseConvolution } from "./convolution.ts";
import { featureCount } from "./model-config.ts";
import type {
  Activation,
  AveragePoolLayer,
  BatchNormLayer,
  ConcatLayer,
  Conv2dLayer,
  DenseLayer,
  DepthwiseConv2dLayer,
  EdgeLayer,
  Layer,
  MaxPoolLayer,
  ModelConfig,
  ResidualBlockLayer,
  ResidualLayer,
} from "./model-config.ts";
import { ONES, refuseLayer, uniform } from "./model-writer.ts";
import type { ModelWriter, Place } from "./model-writer.ts";
import { blockParts } from "./residual.ts";
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

  append(layer: Layer, index: Place): void {
    const { shape } = this.value;
    const { builder } = this.#writer;
    switch (layer.type) {
      case "conv2d":
        this.#convolve(layer, index);
        return;
      case "dense":
        this.#connect(layer, index);
        return;
      case "depthwise-conv2d":
        this.#convolveEach(layer, index);
        return;
      case "zero-pad":
      case "crop":
        this.#changeEdges(layer, index);
        return;
      case "max-pool":
      case "average-pool":
        this.#pool(layer, index);
        return;
      case "global-max-pool":
        this.#refuseSmall(layer.type, 1, index);
        this.value = appendGlobalMaxPool(builder, this.value);
        return;
      case "leaky-relu":
        this.value = appendLeakyRelu(builder, this.value, layer.slope);
        return;
      case "concat":
        this.#concat(layer, index);
        return;
      case "global-average-pool":
        this.#refuseSmall(layer.type, 1, index);
        this.value = appendGlobalAveragePool(builder, this.value);
        return;
      case "flatten":
        this.#reshape([elementCount(shape.slice(1))], index);
        return;
      case "reshape":
        this.#reshape(layer.shape, index);
        return;
      case "relu":
      case "activation":
        this.#activate(layer.type === "relu" ? "relu" : layer.activation);
        return;
      case "residual":
        this.#addResidual(layer, index, undefined);
        return;
      case "residual-block":
        this.#addBlock(layer, index);
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

  /** @param start  of the weights; He et al. 2015 where undefined */
  #convolve(layer: Conv2dLayer, index: Place, start?: Initialiser): void {
    const { shape } = this.value;
    const { kernel, filters } = layer;
    if (shape.length !== 4) refuseLayer(index, "conv2d takes an image; put flatten after it");
    const size = [kernel, kernel, shape[3], filters];
    const begin = start ?? heUniform(kernel * kernel * shape[3]);
    const w = this.#writer.parameter(`layer-${index}/weights`, size, begin);
    this.value = appendConvolution(this.#writer, this.value, w, layer, index);
    this.#biasAndActivation(index, filters, layer);
  }

  #convolveEach(layer: DepthwiseConv2dLayer, index: Place): void {
    const { shape } = this.value;
    const { kernel, multiplier = 1 } = layer;
    if (shape.length !== 4) refuseLayer(index, "depthwise-conv2d takes an image");
    const size = [kernel, kernel, shape[3], multiplier];
    const begin = heUniform(kernel * kernel);
    const w = this.#writer.parameter(`layer-${index}/weights`, size, begin);
    this.value = appendDepthwiseConvolution(this.#writer, this.value, w, layer, index);
    this.#biasAndActivation(index, shape[3] * multiplier, layer);
  }

  #changeEdges({ type, rows, columns }: EdgeLayer, index: Place): void {
    const { builder } = this.#writer;
    if (this.value.shape.length !== 4) refuseLayer(index, `${type} takes an image`);
    if (type === "zero-pad") {
      this.value = appendZeros(builder, this.value, [rows, columns]);
      return;
    }
    for (const [at, [before, after]] of [rows, columns].entries()) {
      const left = this.value.shape[at + 1] - before - after;
      if (left < 1) refuseLayer(index, "crop leaves a pixel at least");
      if (before + after === 0) continue;
      this.value = builder.op("slice", [this.value], [at + 1, before, left]);
    }
  }

  #pool({ type, size, stride = size, padding }: MaxPoolLayer | AveragePoolLayer, index: Place) {
    const { builder } = this.#writer;
    const windows = { size, stride };
    if (padding === undefined) this.#refuseSmall(type, size, index);
    else this.#refuseSmall(type, 1, index);
    const [, height, width] = this.value.shape;
    const around =
      padding === undefined ? [] : [sameEnds(height, windows), sameEnds(width, windows)];
    this.value =
      type === "max-pool"
        ? appendMaxPool(builder, this.value, windows, around)
        : appendAveragePoolOver(builder, this.value, windows, around);
  }

  #concat({ branches }: ConcatLayer, index: Place): void {
    const before = this.value;
    const axis = before.shape.length - 1;
    let joined: GraphValue | undefined;
    for (const [at, branch] of branches.entries()) {
      this.value = before;
      for (const [place, inner] of branch.entries()) {
        this.append(inner, `${index}/branch-${at}-${place}`);
      }
      const { shape } = this.value;
      const given = joined ?? this.value;
      if (shape.length !== axis + 1 || !sameShape(shape.slice(0, -1), given.shape.slice(0, -1))) {
        refuseLayer(index, "its branches have one shape, but for the last axis");
      }
      joined =
        joined === undefined
          ? this.value
          : appendConcat(this.#writer.builder, joined, this.value, axis);
    }
    this.value = joined ?? before;
  }

  #connect(layer: DenseLayer, index: Place): void {
    const { shape } = this.value;
    const { builder, profile } = this.#writer;
    if (shape.length === 4) refuseLayer(index, "dense takes a vector; put flatten before it");
    const inputs = shape[shape.length - 1];
    const size = [inputs, layer.units];
    const w = this.#writer.parameter(`layer-${index}/weights`, size, heUniform(inputs));
    const rows = shape.slice(0, -1);
    if (shape.length > 2) {
      const flat = [elementCount(rows), inputs];
      this.value = builder.op("reshape", [this.value], [], flat);
    }
    this.value = builder.op("matmul", [this.value, w], [profile]);
    this.#biasAndActivation(index, layer.units, layer);
    if (shape.length > 2) {
      this.value = builder.op("reshape", [this.value], [], [...rows, layer.units]);
    }
  }

  #reshape(sample: readonly number[], index: Place): void {
    const [batch, ...given] = this.value.shape;
    if (elementCount(sample) !== elementCount(given)) {
      refuseLayer(index, `${given.join(" × ")} are not ${sample.join(" × ")} elements`);
    }
    this.value = this.#writer.builder.op("reshape", [this.value], [], [batch, ...sample]);
  }

  /** @param last  start of the last convolution of the layers; as of any where undefined */
  #addResidual(layer: ResidualLayer, index: Place, last: Initialiser | undefined): void {
    const before = this.value;
    for (const [at, inner] of layer.shortcut.entries()) {
      this.append(inner, `${index}/shortcut-${at}`);
    }
    const shortcut = this.value;
    this.value = before;
    for (const [at, inner] of layer.layers.entries()) {
      const place = `${index}/body-${at}`;
      const isLast = at === layer.layers.length - 1;
      if (isLast && inner.type === "conv2d") this.#convolve(inner, place, last);
      else this.append(inner, place);
    }
    const [a, b] = [this.value, shortcut].map(({ shape }) => shape.slice(1).join(" × "));
    if (!sameShape(this.value.shape, shortcut.shape)) {
      refuseLayer(index, `its layers give ${a}, its shortcut ${b}; a projection makes them equal`);
    }
    this.value = this.#writer.builder.op("add", [this.value, shortcut]);
  }

  #addBlock(layer: ResidualBlockLayer, index: Place): void {
    if (this.value.shape.length !== 4) refuseLayer(index, "residual-block takes an image");
    const { residual, after } = blockParts(layer, this.value.shape);
    // Without norms a deep sum would grow with each block: all of them begin as their shortcut
    // (Zhang et al. 2019, arXiv 1901.09321).
    const last = layer.norm === "none" ? ({ kind: "zeros" } as const) : undefined;
    this.#addResidual(residual, index, last);
    this.append(after, `${index}/after`);
  }

  #refuseSmall(type: string, size: number, index: Place): void {
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

  #normalise({ epsilon, momentum }: BatchNormLayer, index: Place): void {
    const { builder, isTraining } = this.#writer;
    const channels = this.value.shape[this.value.shape.length - 1];
    const name = `layer-${index}`;
    const gain = this.#writer.parameter(`${name}/gain`, [channels], ONES);
    const shift = this.#writer.parameter(`${name}/shift`, [channels], { kind: "zeros" });
    const mean = this.#writer.held(`${name}/running-mean`, [channels], { kind: "zeros" });
    const variance = this.#writer.held(`${name}/running-variance`, [channels], ONES);
    const inside = epsilon === undefined ? EPSILON : canon(epsilon);
    if (!isTraining) {
      const running = { mean, variance };
      this.value = appendRunningNorm(builder, this.value, gain, shift, running, inside);
      return;
    }
    const { y, statistics } = appendBatchNorm(builder, this.value, gain, shift, inside);
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

  #biasAndActivation(
    index: Place,
    width: number,
    { activation, bias }: Pick<DenseLayer, "activation" | "bias">,
  ): void {
    if (bias !== false) {
      const b = this.#writer.parameter(`layer-${index}/bias`, [width], { kind: "zeros" });
      this.value = this.#writer.builder.op("bias", [this.value, b]);
    }
    this.#activate(activation);
  }

  #activate(activation: Activation): void {
    const { builder } = this.#writer;
    if (activation === "silu") this.value = appendSilu(builder, this.value);
    else if (activation === "relu6") this.value = appendRelu6(builder, this.value);
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
  const rows = loaded.shape[0] * ("tokens" in input ? input.tokens : 1);
  const last = layerWriter.value;
  const isSequence = "tokens" in input && last.shape.length === 3;
  const logits = isSequence
    ? writer.builder.op("reshape", [last], [], [rows, last.shape[2]])
    : last;
  if (logits.shape.length !== 2 || logits.shape[0] !== rows || logits.shape[1] !== classes) {
    refuseLayer(layers.length - 1, `the last layer gives ${classes} values, a class each`);
  }
  if (writer.parameters.length === 0) refuseLayer(0, "some layer has weights to learn");
  return logits;
}
