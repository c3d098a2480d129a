/**
 * Decides what one Keras layer becomes: the engine's layer, the weights it brings, and what a
 * person should know about the difference, if there is one.
 */
import {
  DROPOUT_RATE_MAX,
  EPSILON_RANGE,
  IMAGE_SIDE_MAX,
  KERNEL_MAX,
  MOMENTUM_MAX,
  STRIDE_MAX,
  VOCABULARY_MAX,
  WIDTH_MAX,
} from "../limits.ts";
import type { Activation, Layer } from "../models/model-config.ts";
import { elementCount } from "../ops/op.ts";
import type { Shape } from "../program/program.ts";
import { isCount } from "./foreign-value.ts";
import { KerasOptions } from "./keras-layer.ts";
import type { KerasLayer } from "./keras-layer.ts";
import { refuseKind } from "./known-layers.ts";
import { shownValue, stop } from "./keras-stop.ts";

/** A weight of a Keras layer and the tensor of ours it fills; both are laid out alike. */
export interface WeightSlot {
  /** Last part of its name in the file, such as "kernel". */
  readonly weight: string;
  /** Last part of the state tensor's name, such as "weights". */
  readonly tensor: string;
}

/** What a layer becomes; without `layer` it is nothing here. */
export interface Converted {
  readonly layer?: Layer;
  readonly slots?: readonly WeightSlot[];
  readonly note?: string;
}

/** Where a layer stands. */
export interface LayerContext {
  /** Shape of a sample before the layer. */
  readonly shape: Shape;
  /** Whether the model answers with its value. */
  readonly isLast: boolean;
}

const WIDTH = { min: 1, max: WIDTH_MAX };
const SOFTMAX_NOTE =
  "its softmax is part of the loss here: classes are the same, the values before it are kept";
const KERNEL: WeightSlot = { weight: "kernel", tensor: "weights" };
const BIAS: WeightSlot = { weight: "bias", tensor: "bias" };

/** Names of activations in files, and here; the last softmax of a model is dropped. */
const ACTIVATIONS: ReadonlyMap<unknown, Activation> = new Map<unknown, Activation>([
  [undefined, "none"],
  ["linear", "none"],
  ["relu", "relu"],
  ["gelu", "gelu"],
  ["swish", "silu"],
  ["silu", "silu"],
  ["tanh", "tanh"],
  ["sigmoid", "sigmoid"],
]);

/** The activation of a layer, and whether it was a softmax that the loss brings. */
function activationOf(
  { name, kind }: KerasLayer,
  options: KerasOptions,
  { isLast }: LayerContext,
): { readonly activation: Activation; readonly isSoftmax: boolean } {
  const given = options.any("activation");
  const isSoftmax = given === "softmax" && isLast;
  const activation = isSoftmax ? "none" : ACTIVATIONS.get(given);
  const facts = { layer: name, kind, activation: shownValue(given) };
  if (activation === undefined) {
    const rule =
      given === "softmax"
        ? "softmax stands at the model's end only"
        : "linear, relu, gelu (not its approximation), swish, tanh, sigmoid";
    stop("ENGINE_KERAS_ACTIVATION", { ...facts, rule });
  }
  if (isLast && activation !== "none") {
    const rule = "the last layer ends in softmax or linear; train with categorical cross-entropy";
    stop("ENGINE_KERAS_ACTIVATION", { ...facts, rule });
  }
  return { activation, isSoftmax };
}

function dense(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, ["units", "use_bias", "activation"]);
  if (context.shape.length > 2) {
    const rule = "takes vectors; put Flatten or GlobalAveragePooling2D before it";
    stop("ENGINE_KERAS_GRAPH", { layer: layer.name, rule });
  }
  const { activation, isSoftmax } = activationOf(layer, options, context);
  const bias = options.flag("use_bias", true);
  return {
    layer: {
      type: "dense",
      units: options.count("units", WIDTH),
      ...(bias ? {} : { bias }),
      activation,
    },
    slots: bias ? [KERNEL, BIAS] : [KERNEL],
    ...(isSoftmax ? { note: SOFTMAX_NOTE } : {}),
  };
}

const CONV_OPTIONS = ["filters", "kernel_size", "strides", "padding", "data_format"];

function conv2d(layer: KerasLayer, context: LayerContext): Converted {
  const more = ["dilation_rate", "groups", "use_bias", "activation", "rank"];
  const options = new KerasOptions(layer, [...CONV_OPTIONS, ...more]);
  checkImage(layer, options, context);
  if (options.square("dilation_rate", { min: 1, max: 64 }, 1) !== 1) {
    options.refuse("dilation_rate", "1; windows have no gaps here");
  }
  options.only("groups", 1, "1; a filter sees all channels here");
  const stride = options.square("strides", { min: 1, max: STRIDE_MAX }, 1);
  const padding = options.any("padding") ?? "valid";
  if (padding !== "same" && padding !== "valid") options.refuse("padding", '"same" or "valid"');
  const bias = options.flag("use_bias", true);
  const { activation } = activationOf(layer, options, context);
  return {
    layer: {
      type: "conv2d",
      filters: options.count("filters", WIDTH),
      kernel: options.square("kernel_size", { min: 1, max: KERNEL_MAX }),
      ...(stride === 1 ? {} : { stride }),
      ...(padding === "valid" ? { padding } : {}),
      ...(bias ? {} : { bias }),
      activation,
    },
    slots: bias ? [KERNEL, BIAS] : [KERNEL],
  };
}

function checkImage(layer: KerasLayer, options: KerasOptions, { shape }: LayerContext): void {
  options.only("data_format", "channels_last", '"channels_last"; save the model with it');
  if (shape.length === 3) return;
  const rule = `takes images [height, width, channels], not [${shape.join(", ")}]`;
  stop("ENGINE_KERAS_GRAPH", { layer: layer.name, rule });
}

function pool(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, ["pool_size", "strides", "padding", "data_format"]);
  checkImage(layer, options, context);
  const side = { min: 1, max: IMAGE_SIDE_MAX };
  const size = options.square("pool_size", side, 2);
  if (options.square("strides", side, size) !== size) {
    options.refuse("strides", `${size}, the pool's size: windows do not overlap here`);
  }
  const isCut = context.shape.slice(0, 2).some((length) => length % size !== 0);
  const padding = options.any("padding") ?? "valid";
  if (padding !== "valid" && (padding !== "same" || isCut)) {
    options.refuse("padding", '"valid", or "same" where the windows fill the image');
  }
  if (size === 1) return {};
  return { layer: { type: layer.kind === "MaxPooling2D" ? "max-pool" : "average-pool", size } };
}

function globalPool(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, ["data_format", "keepdims"]);
  checkImage(layer, options, context);
  options.only("keepdims", false, "false; use Reshape after it");
  return { layer: { type: "global-average-pool" } };
}

function flatten(layer: KerasLayer, { shape }: LayerContext): Converted {
  const options = new KerasOptions(layer, ["data_format"]);
  options.only("data_format", "channels_last", '"channels_last"; save the model with it');
  return shape.length === 1 ? {} : { layer: { type: "flatten" } };
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
  return { layer: { type: "reshape", shape: dims } };
}

function dropout(layer: KerasLayer): Converted {
  const options = new KerasOptions(layer, ["rate", "noise_shape"]);
  if (options.any("noise_shape") !== undefined) options.refuse("noise_shape", "null");
  const rate = options.number("rate", { min: 0, max: DROPOUT_RATE_MAX });
  return rate === 0 ? {} : { layer: { type: "dropout", rate } };
}

function alone(activation: Activation): Converted {
  if (activation === "none") return {};
  return { layer: activation === "relu" ? { type: "relu" } : { type: "activation", activation } };
}

function activationLayer(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, ["activation"]);
  const { activation, isSoftmax } = activationOf(layer, options, context);
  return { ...alone(activation), ...(isSoftmax ? { note: SOFTMAX_NOTE } : {}) };
}

function relu(layer: KerasLayer): Converted {
  const options = new KerasOptions(layer, ["max_value", "negative_slope", "threshold"]);
  if (options.any("max_value") !== undefined) options.refuse("max_value", "null");
  options.only("negative_slope", 0, "0");
  options.only("threshold", 0, "0");
  return alone("relu");
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
    layer: {
      type: "batch-norm",
      momentum: options.number("momentum", { min: 0, max: MOMENTUM_MAX }, 0.99),
      epsilon: options.number("epsilon", EPSILON_RANGE, 0.001),
    },
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
  return { layer: { type: "layer-norm", epsilon }, ...affine(options) };
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
    layer: { type: "embedding", width, positions: "rotary" },
    slots: [{ weight: "embeddings", tensor: "table" }],
  };
}

const READERS: Readonly<Record<string, (layer: KerasLayer, context: LayerContext) => Converted>> = {
  Dense: dense,
  Conv2D: conv2d,
  MaxPooling2D: pool,
  AveragePooling2D: pool,
  GlobalAveragePooling2D: globalPool,
  Flatten: flatten,
  Reshape: reshape,
  Dropout: dropout,
  Activation: activationLayer,
  ReLU: relu,
  Softmax: softmax,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  Embedding: embedding,
};

/**
 * Converts a layer.
 * Stops with ENGINE_KERAS_LAYER, _OPTION, _ACTIVATION, _GRAPH.
 */
export function convertLayer(layer: KerasLayer, context: LayerContext): Converted {
  const reader = Object.hasOwn(READERS, layer.kind) ? READERS[layer.kind] : undefined;
  return reader === undefined ? refuseKind(layer) : reader(layer, context);
}
