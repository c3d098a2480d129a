/**
 * Decides what one Keras layer becomes: the engine's layer, the weights it brings, and what a
 * person should know about the difference, if there is one.
 */
import { DROPOUT_RATE_MAX, EPSILON_RANGE, MOMENTUM_MAX, VOCABULARY_MAX } from "../limits.ts";
import type { Activation } from "../models/model-config.ts";
import { elementCount } from "../ops/op.ts";
import { IMAGE_READERS } from "./convert-image-layer.ts";
import { isCount } from "./foreign-value.ts";
import { KerasOptions } from "./keras-layer.ts";
import type { KerasLayer } from "./keras-layer.ts";
import { stop } from "./keras-stop.ts";
import { refuseKind } from "./known-layers.ts";
import { BIAS, KERNEL, SOFTMAX_NOTE, WIDTH, activationOf, functionName } from "./layer-parts.ts";
import type { Converted, LayerContext, LayerReader, WeightSlot } from "./layer-parts.ts";

const isSigmoid = (options: KerasOptions): boolean => {
  return functionName(options.any("activation")) === "sigmoid";
};

/** One value z with a sigmoid is the chance of the second of two classes whose values are 0, z. */
function oneOfTwo(options: KerasOptions): Converted {
  const bias = options.flag("use_bias", true);
  const slots = (bias ? [KERNEL, BIAS] : [KERNEL]).map((slot) => {
    return { ...slot, isSecond: true } as const;
  });
  return {
    layers: [{ type: "dense", units: 2, ...(bias ? {} : { bias }), activation: "none" }],
    slots,
    note: "its one chance becomes those of two classes, the second of which it is",
  };
}

function dense(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, ["units", "use_bias", "activation"]);
  if (context.shape.length > 2) {
    const rule = "takes vectors; put Flatten or GlobalAveragePooling2D before it";
    stop("ENGINE_KERAS_GRAPH", { layer: layer.name, rule });
  }
  if (context.isLast && options.any("units") === 1 && isSigmoid(options)) return oneOfTwo(options);
  const { activation, isSoftmax } = activationOf(layer, options, context);
  const bias = options.flag("use_bias", true);
  return {
    layers: [
      {
        type: "dense",
        units: options.count("units", WIDTH),
        ...(bias ? {} : { bias }),
        activation,
      },
    ],
    slots: bias ? [KERNEL, BIAS] : [KERNEL],
    ...(isSoftmax ? { note: SOFTMAX_NOTE } : {}),
  };
}

function flatten(layer: KerasLayer, { shape }: LayerContext): Converted {
  const options = new KerasOptions(layer, ["data_format"]);
  options.only("data_format", "channels_last", '"channels_last"; save the model with it');
  return shape.length === 1 ? {} : { layers: [{ type: "flatten" }] };
}

function reshape(layer: KerasLayer, { shape }: LayerContext): Converted {
  const options = new KerasOptions(layer, ["target_shape"]);
  const given = options.any("target_shape");
  const count = elementCount(shape);
  const rule = `1 to 3 sizes that hold ${count} numbers, one of them -1 at most`;
  if (!Array.isArray(given) || given.length < 1 || given.length > 3) {
    return options.refuse("target_shape", rule);
  }
  const isOpen = (dim: unknown) => dim === -1 || dim === null;
  const written = given.filter((dim) => !isOpen(dim));
  if (written.length < given.length - 1 || !written.every((dim) => isCount(dim, 1, count))) {
    return options.refuse("target_shape", rule);
  }
  const rest = count / elementCount(written);
  const dims = given.map((dim: unknown) => (isCount(dim, 1, count) ? dim : rest));
  if (!Number.isSafeInteger(rest) || elementCount(dims) !== count) {
    options.refuse("target_shape", rule);
  }
  return { layers: [{ type: "reshape", shape: dims }] };
}

function dropout(layer: KerasLayer): Converted {
  const options = new KerasOptions(layer, ["rate", "noise_shape"]);
  if (options.any("noise_shape") !== undefined) options.refuse("noise_shape", "null");
  const rate = options.number("rate", { min: 0, max: DROPOUT_RATE_MAX });
  return rate === 0 ? {} : { layers: [{ type: "dropout", rate }] };
}

function alone(activation: Activation): Converted {
  if (activation === "none") return {};
  return {
    layers: [activation === "relu" ? { type: "relu" } : { type: "activation", activation }],
  };
}

function activationLayer(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, ["activation"]);
  const { activation, isSoftmax } = activationOf(layer, options, context);
  return { ...alone(activation), ...(isSoftmax ? { note: SOFTMAX_NOTE } : {}) };
}

function leaky(slope: number): Converted {
  return slope === 0 ? alone("relu") : { layers: [{ type: "leaky-relu", slope }] };
}

/** Where a share of what is below 0 is kept: none to all of it. */
const SLOPE = { min: 0, max: 1 };

function relu(layer: KerasLayer): Converted {
  const options = new KerasOptions(layer, ["max_value", "negative_slope", "threshold"]);
  options.only("threshold", 0, "0");
  const slope = options.number("negative_slope", SLOPE, 0);
  const most = options.any("max_value");
  if (most === undefined) return leaky(slope);
  if (most !== 6 || slope !== 0) {
    options.refuse("max_value", "null, or 6 with a negative_slope of 0");
  }
  return alone("relu6");
}

function leakyRelu(layer: KerasLayer): Converted {
  // Keras 2 and TensorFlow.js call it alpha.
  const options = new KerasOptions(layer, ["alpha", "negative_slope"]);
  const key = options.any("alpha") === undefined ? "negative_slope" : "alpha";
  return leaky(options.number(key, SLOPE, 0.3));
}

/** What changes values only while training elsewhere: for an answer it is nothing. */
function onlyInTraining({ kind }: KerasLayer): Converted {
  return { note: `a ${kind} works only while training there; here it is left out` };
}

function softmax(layer: KerasLayer, { shape, isLast }: LayerContext): Converted {
  const options = new KerasOptions(layer, ["axis"]);
  options.lastAxis(shape.length);
  if (isLast) return { note: SOFTMAX_NOTE };
  const rule = "softmax stands at the model's end only";
  const { name, kind } = layer;
  return stop("ENGINE_KERAS_ACTIVATION", { layer: name, kind, activation: "softmax", rule });
}

/** Gain and shift, where the layer learns them; else they begin as what changes nothing. */
function affine(options: KerasOptions): Pick<Converted, "note"> & { slots: WeightSlot[] } {
  const [scale, center] = [options.flag("scale", true), options.flag("center", true)];
  const slots = [
    ...(scale ? [{ weight: "gamma", tensor: "gain" }] : []),
    ...(center ? [{ weight: "beta", tensor: "shift" }] : []),
  ];
  if (scale && center) return { slots };
  const lacks = scale ? "shift" : center ? "gain" : "gain and shift";
  return { slots, note: `it learns no ${lacks}; here ${lacks} begin neutral and are trained` };
}

function batchNorm(layer: KerasLayer, { shape }: LayerContext): Converted {
  const known = ["axis", "momentum", "epsilon", "center", "scale"];
  const options = new KerasOptions(layer, known);
  options.lastAxis(shape.length);
  const { slots, ...note } = affine(options);
  return {
    layers: [
      {
        type: "batch-norm",
        momentum: options.number("momentum", { min: 0, max: MOMENTUM_MAX }, 0.99),
        epsilon: options.number("epsilon", EPSILON_RANGE, 0.001),
      },
    ],
    slots: [
      ...slots,
      { weight: "moving_mean", tensor: "running-mean" },
      { weight: "moving_variance", tensor: "running-variance" },
    ],
    ...note,
  };
}

function layerNorm(layer: KerasLayer, { shape }: LayerContext): Converted {
  const options = new KerasOptions(layer, ["axis", "epsilon", "center", "scale"]);
  options.lastAxis(shape.length);
  const epsilon = options.number("epsilon", EPSILON_RANGE, 0.001);
  return { layers: [{ type: "layer-norm", epsilon }], ...affine(options) };
}

function embedding(layer: KerasLayer, { shape }: LayerContext): Converted {
  const known = ["input_dim", "output_dim", "mask_zero", "input_length"];
  const options = new KerasOptions(layer, known);
  options.only("mask_zero", false, "false; every token counts here");
  options.count("input_dim", { min: 2, max: VOCABULARY_MAX });
  const length: unknown = options.any("input_length") ?? shape[0];
  if (length !== shape[0]) options.refuse("input_length", "the input's length");
  const width = options.count("output_dim", WIDTH);
  return {
    // Rotary positions stand in attention alone, which no such model has: a plain table.
    layers: [{ type: "embedding", width, positions: "rotary" }],
    slots: [{ weight: "embeddings", tensor: "table" }],
  };
}

const READERS: Readonly<Record<string, LayerReader>> = {
  Dense: dense,
  ...IMAGE_READERS,
  Flatten: flatten,
  Reshape: reshape,
  Dropout: dropout,
  Activation: activationLayer,
  ReLU: relu,
  LeakyReLU: leakyRelu,
  Softmax: softmax,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  Embedding: embedding,
};

/** Layers that vary images or values while training, and change no answer. */
const IDLE = /^(Random[A-Z][A-Za-z]+|GaussianNoise|ActivityRegularization)$/;

/**
 * Converts a layer.
 * Stops with ENGINE_KERAS_LAYER, _OPTION, _ACTIVATION, _GRAPH.
 */
export function convertLayer(layer: KerasLayer, context: LayerContext): Converted {
  if (IDLE.test(layer.kind)) return onlyInTraining(layer);
  const reader = Object.hasOwn(READERS, layer.kind) ? READERS[layer.kind] : undefined;
  return reader === undefined ? refuseKind(layer) : reader(layer, context);
}
