/** Decides which ops and state tensors a model's layers become. */
import type { GraphValue } from "../ops/op.ts";
import { PROFILE } from "../ops/profile.ts";
import { bitsOfFloat } from "../canon.ts";
import { elementCount } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { GraphStop } from "../program/builder.ts";
import type { Initialiser, Shape } from "../program/program.ts";
import { featureCount } from "./model-config.ts";
import type { Activation, Layer, ModelConfig } from "./model-config.ts";

/** The forward pass of a model. */
export interface ForwardPass {
  /** [B, classes]. */
  readonly logits: GraphValue;
  /** Weights and biases in layer order. */
  readonly parameters: readonly GraphValue[];
}

/** Uniform in ±√(6 / inputs): keeps the variance of relu layers (He et al. 2015). */
function heUniform(inputs: number): Initialiser {
  return { kind: "uniform", boundBits: bitsOfFloat(Math.sqrt(6 / inputs)) };
}

function refuse(layer: number, rule: string): never {
  throw new GraphStop({ code: "ENGINE_MODEL_SHAPE", facts: { layer, rule } });
}

/** Appends one layer after another. */
class LayerWriter {
  readonly #builder: ProgramBuilder;
  readonly #profile: number;
  readonly parameters: GraphValue[] = [];
  value: GraphValue;

  constructor(builder: ProgramBuilder, profile: number, input: GraphValue) {
    this.#builder = builder;
    this.#profile = profile;
    this.value = input;
  }

  append(layer: Layer, index: number): void {
    const { shape } = this.value;
    switch (layer.type) {
      case "conv2d": {
        if (shape.length !== 4) refuse(index, "conv2d takes an image; put flatten after it");
        const filter = [layer.kernel, layer.kernel, shape[3], layer.filters];
        const w = this.#weights(index, filter, layer.kernel * layer.kernel * shape[3]);
        const attributes = [this.#profile, 1, (layer.kernel - 1) / 2];
        this.value = this.#builder.op("conv2d", [this.value, w], attributes);
        this.#biasAndActivation(index, layer.filters, layer.activation);
        return;
      }
      case "dense": {
        if (shape.length !== 2) refuse(index, "dense takes a vector; put flatten before it");
        const w = this.#weights(index, [shape[1], layer.units], shape[1]);
        this.value = this.#builder.op("matmul", [this.value, w], [this.#profile]);
        this.#biasAndActivation(index, layer.units, layer.activation);
        return;
      }
      case "max-pool": {
        if (shape.length !== 4) refuse(index, "max-pool takes an image");
        if (shape[1] < layer.size || shape[2] < layer.size) {
          refuse(index, `the image of ${shape[1]} × ${shape[2]} is smaller than the window`);
        }
        this.value = this.#builder.op("max-pool", [this.value], [layer.size, layer.size]);
        return;
      }
      case "flatten": {
        const width = elementCount(shape.slice(1));
        this.value = this.#builder.op("reshape", [this.value], [], [shape[0], width]);
        return;
      }
      case "relu":
        this.value = this.#builder.op("relu", [this.value]);
    }
  }

  #weights(index: number, shape: Shape, inputs: number): GraphValue {
    const w = this.#builder.state(`layer-${index}/weights`, shape, heUniform(inputs));
    this.parameters.push(w);
    return w;
  }

  #biasAndActivation(index: number, width: number, activation: Activation): void {
    const b = this.#builder.state(`layer-${index}/bias`, [width], { kind: "zeros" });
    this.parameters.push(b);
    this.value = this.#builder.op("bias", [this.value, b]);
    if (activation === "relu") this.value = this.#builder.op("relu", [this.value]);
  }
}

/** A vector a sample for a table, an image a sample otherwise. */
function asInput(
  builder: ProgramBuilder,
  input: ModelConfig["input"],
  features: GraphValue,
): GraphValue {
  if ("features" in input) return features;
  const image = [features.shape[0], input.height, input.width, input.channels];
  return builder.op("reshape", [features], [], image);
}

/**
 * Appends the forward pass from the loaded batch [B, F+1].
 * Stops the construction with ENGINE_MODEL_SHAPE where layers do not fit together.
 */
export function appendForward(
  builder: ProgramBuilder,
  config: ModelConfig,
  loaded: GraphValue,
): ForwardPass {
  const { input, profile = "I14" } = config;
  const features = builder.op("slice", [loaded], [1, 0, featureCount(input)]);
  const writer = new LayerWriter(builder, PROFILE[profile], asInput(builder, input, features));
  for (const [index, layer] of config.layers.entries()) writer.append(layer, index);
  const logits = writer.value;
  if (logits.shape.length !== 2 || logits.shape[1] !== config.classes) {
    refuse(config.layers.length - 1, `the last layer gives ${config.classes} values, a class each`);
  }
  if (writer.parameters.length === 0) refuse(0, "some layer has weights to learn");
  return { logits, parameters: writer.parameters };
}
