/**
 * Decides what the Keras layers over images become: convolutions, also depthwise and separable,
 * pools, and what puts zeros around an image or cuts it.
 */
import { IMAGE_SIDE_MAX, KERNEL_MAX, STRIDE_MAX, WIDTH_MAX } from "../limits.ts";
import type { Ends, PoolWindows } from "../models/model-config.ts";
import { isCount } from "./foreign-value.ts";
import { KerasOptions } from "./keras-layer.ts";
import type { KerasLayer } from "./keras-layer.ts";
import { stop } from "./keras-stop.ts";
import { BIAS, KERNEL, WIDTH, activationOf } from "./layer-parts.ts";
import type { Converted, LayerContext, LayerReader, WeightSlot } from "./layer-parts.ts";

function checkImage(layer: KerasLayer, options: KerasOptions, { shape }: LayerContext): void {
  options.only("data_format", "channels_last", '"channels_last"; save the model with it');
  if (shape.length === 3) return;
  const rule = `takes images [height, width, channels], not [${shape.join(", ")}]`;
  stop("ENGINE_KERAS_GRAPH", { layer: layer.name, rule });
}

function isValid(options: KerasOptions): boolean {
  const padding = options.any("padding") ?? "valid";
  if (padding !== "same" && padding !== "valid") options.refuse("padding", '"same" or "valid"');
  return padding === "valid";
}

const CONV_OPTIONS = [
  "kernel_size",
  "strides",
  "padding",
  "data_format",
  "dilation_rate",
  "groups",
  "use_bias",
  "activation",
  "rank",
];

/** What all convolutions have. */
function windowOf(layer: KerasLayer, options: KerasOptions, context: LayerContext) {
  checkImage(layer, options, context);
  if (options.square("dilation_rate", { min: 1, max: 64 }, 1) !== 1) {
    options.refuse("dilation_rate", "1; windows have no gaps here");
  }
  const stride = options.square("strides", { min: 1, max: STRIDE_MAX }, 1);
  return {
    kernel: options.square("kernel_size", { min: 1, max: KERNEL_MAX }),
    ...(stride === 1 ? {} : { stride }),
    ...(isValid(options) ? { padding: "valid" as const } : {}),
  };
}

function conv2d(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, [...CONV_OPTIONS, "filters"]);
  const window = windowOf(layer, options, context);
  options.only("groups", 1, "1, or a DepthwiseConv2D: a filter sees all channels here");
  const bias = options.flag("use_bias", true);
  const { activation } = activationOf(layer, options, context);
  const filters = options.count("filters", WIDTH);
  return {
    layers: [{ type: "conv2d", filters, ...window, ...(bias ? {} : { bias }), activation }],
    slots: bias ? [KERNEL, BIAS] : [KERNEL],
  };
}

/** The filters of each channel; Keras 3 calls those of a DepthwiseConv2D its kernel. */
const EACH: WeightSlot = { weight: "depthwise_kernel", tensor: "weights" };

function multiplierOf(options: KerasOptions) {
  const multiplier = options.count("depth_multiplier", { min: 1, max: WIDTH_MAX }, 1);
  return multiplier === 1 ? {} : { multiplier };
}

function depthwise(layer: KerasLayer, context: LayerContext): Converted {
  // TensorFlow.js writes the filters too, which it has none of.
  const options = new KerasOptions(layer, [...CONV_OPTIONS, "depth_multiplier", "filters"]);
  const window = { ...windowOf(layer, options, context), ...multiplierOf(options) };
  const bias = options.flag("use_bias", true);
  const { activation } = activationOf(layer, options, context);
  const each = { ...EACH, also: "kernel" };
  return {
    layers: [{ type: "depthwise-conv2d", ...window, ...(bias ? {} : { bias }), activation }],
    slots: bias ? [each, BIAS] : [each],
  };
}

/** A depthwise convolution without bias, then one of single pixels. */
function separable(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, [...CONV_OPTIONS, "depth_multiplier", "filters"]);
  const window = { ...windowOf(layer, options, context), ...multiplierOf(options) };
  const bias = options.flag("use_bias", true);
  const { activation } = activationOf(layer, options, context);
  const filters = options.count("filters", WIDTH);
  const pointwise = { weight: "pointwise_kernel", tensor: "weights", at: 1 };
  return {
    layers: [
      { type: "depthwise-conv2d", ...window, bias: false, activation: "none" },
      { type: "conv2d", filters, kernel: 1, ...(bias ? {} : { bias }), activation },
    ],
    slots: bias ? [EACH, pointwise, { ...BIAS, at: 1 }] : [EACH, pointwise],
  };
}

function pool(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, ["pool_size", "strides", "padding", "data_format"]);
  checkImage(layer, options, context);
  const side = { min: 1, max: IMAGE_SIDE_MAX };
  const size = options.square("pool_size", side, 2);
  const stride = options.square("strides", side, size);
  const isCut = context.shape.slice(0, 2).some((length) => length % size !== 0);
  const isPlain = isValid(options) || (stride === size && !isCut);
  if (stride < size && size > KERNEL_MAX) {
    options.refuse("pool_size", `at most ${KERNEL_MAX} where windows overlap`);
  }
  if (size === 1 && stride === 1) return {};
  const windows: PoolWindows = {
    size,
    ...(stride === size ? {} : { stride }),
    ...(isPlain ? {} : { padding: "same" }),
  };
  const type = layer.kind === "MaxPooling2D" ? "max-pool" : "average-pool";
  return { layers: [{ type, ...windows }] };
}

function globalPool(layer: KerasLayer, context: LayerContext): Converted {
  const options = new KerasOptions(layer, ["data_format", "keepdims"]);
  checkImage(layer, options, context);
  const isMean = layer.kind === "GlobalAveragePooling2D";
  const pooled = { type: isMean ? "global-average-pool" : "global-max-pool" } as const;
  if (!options.flag("keepdims", false)) return { layers: [pooled] };
  return { layers: [pooled, { type: "reshape", shape: [1, 1, context.shape[2]] }] };
}

/** A list as it is, one value twice. */
const both = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [value, value];

/** Pixels on each side: n, [rows, columns], or [[top, bottom], [left, right]]. */
function edges(layer: KerasLayer, context: LayerContext): Converted {
  const isCrop = layer.kind === "Cropping2D";
  const key = isCrop ? "cropping" : "padding";
  const options = new KerasOptions(layer, [key, "data_format"]);
  checkImage(layer, options, context);
  const isSide = (value: unknown): value is number => isCount(value, 0, IMAGE_SIDE_MAX);
  const pair = (value: unknown): Ends => {
    const [before, after, ...more] = both(value);
    if (more.length === 0 && isSide(before) && isSide(after)) return [before, after];
    return options.refuse(key, `n, [n, n] or [[n, n], [n, n]], each from 0 to ${IMAGE_SIDE_MAX}`);
  };
  const given = options.any(key) ?? (isCrop ? 0 : 1);
  const [one, two, ...others] = both(given);
  const [rows, columns] = [pair(others.length === 0 ? one : undefined), pair(two)];
  if ([...rows, ...columns].every((count) => count === 0)) return {};
  return { layers: [{ type: isCrop ? "crop" : "zero-pad", rows, columns }] };
}

/** The readers of layers over images. */
export const IMAGE_READERS: Readonly<Record<string, LayerReader>> = {
  Conv2D: conv2d,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  MaxPooling2D: pool,
  AveragePooling2D: pool,
  GlobalAveragePooling2D: globalPool,
  GlobalMaxPooling2D: globalPool,
  ZeroPadding2D: edges,
  Cropping2D: edges,
};
