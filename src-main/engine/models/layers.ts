/** Decides which ops and state tensors a model's layers become. */
import { canon } from "../canon.ts";
import { appendAveragePool } from "../composites/average-pool.ts";
import { appendBatchNorm, appendRunningNorm } from "../composites/batch-norm.ts";
import { appendDropout } from "../composites/dropout.ts";
import { appendGlobalAveragePool } from "../composites/global-pool.ts";
import { appendSilu } from "../composites/silu.ts";
import type { GraphValue } from "../ops/op.ts";
import { elementCount, sameShape } from "../ops/op.ts";
import type { Initialiser } from "../program/program.ts";
import { appendConvolution } from "./convolution.ts";
import { featureCount } from "./model-config.ts";
import type {
  Activation,
  BatchNormLayer,
  Conv2dLayer,
  DenseLayer,
  Layer,
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
      case "max-pool":
        this.#refuseSmall(layer.type, layer.size, index);
        this.value = builder.op("max-pool", [this.value], [layer.size, layer.size]);
        return;
      case "average-pool":
        this.#refuseSmall(layer.type, layer.size, index);
        this.value = appendAveragePool(builder, this.value, layer.size);
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
