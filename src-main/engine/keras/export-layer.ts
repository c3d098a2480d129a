/** Decides which Keras layer one of the engine's layers is written as. */
import type {
  Activation,
  BatchNormLayer,
  Conv2dLayer,
  DepthwiseConv2dLayer,
  Layer,
  PoolWindows,
} from "../models/model-config.ts";
import { stop } from "./keras-stop.ts";

/** A Keras layer in the words of its file, and the weights it brings. */
export interface WrittenLayer {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Last part of the weight's name there, and of the state tensor's here. */
  readonly weights?: readonly (readonly [weight: string, tensor: string])[];
}

/** Inside the root of a norm that states nothing else. */
const EPSILON = 1e-5;

const ACTIVATIONS: Readonly<Record<Activation, string>> = {
  none: "linear",
  relu: "relu",
  relu6: "relu6",
  gelu: "gelu",
  silu: "swish",
  tanh: "tanh",
  sigmoid: "sigmoid",
};

const kernel = ["kernel", "weights"] as const;
const bias = ["bias", "bias"] as const;
const affine = [["gamma", "gain"] as const, ["beta", "shift"] as const];

function conv2d(layer: Conv2dLayer): WrittenLayer {
  const { filters, stride = 1, padding = "same", activation } = layer;
  return {
    kind: "Conv2D",
    options: {
      filters,
      kernel_size: [layer.kernel, layer.kernel],
      strides: [stride, stride],
      padding,
      data_format: "channels_last",
      dilation_rate: [1, 1],
      activation: ACTIVATIONS[activation],
      use_bias: layer.bias !== false,
    },
    weights: layer.bias === false ? [kernel] : [kernel, bias],
  };
}

function depthwise(layer: DepthwiseConv2dLayer): WrittenLayer {
  const { kernel: side, stride = 1, padding = "same", multiplier = 1 } = layer;
  const each = ["depthwise_kernel", "weights"] as const;
  return {
    kind: "DepthwiseConv2D",
    options: {
      kernel_size: [side, side],
      strides: [stride, stride],
      padding,
      depth_multiplier: multiplier,
      data_format: "channels_last",
      dilation_rate: [1, 1],
      activation: ACTIVATIONS[layer.activation],
      use_bias: layer.bias !== false,
    },
    weights: layer.bias === false ? [each] : [each, bias],
  };
}

function pool(kind: string, { size, stride = size, padding }: PoolWindows): WrittenLayer {
  const windows = { pool_size: [size, size], strides: [stride, stride] };
  const options = { ...windows, padding: padding ?? "valid" };
  return { kind, options: { ...options, data_format: "channels_last" } };
}

function batchNorm({ epsilon = EPSILON, momentum }: BatchNormLayer): WrittenLayer {
  return {
    kind: "BatchNormalization",
    options: { axis: -1, momentum, epsilon, center: true, scale: true },
    weights: [...affine, ["moving_mean", "running-mean"], ["moving_variance", "running-variance"]],
  };
}

/** What stands in the way of writing a layer. */
function refusal(layer: Layer): string {
  switch (layer.type) {
    case "embedding":
      return 'learned positions are no Keras layer; "rotary" without attention is a plain table';
    case "transformer-block":
      return "causal attention is no layer of LayersModel files";
    case "rms-norm":
      return "RMS norm is no layer of LayersModel files; train with layer-norm";
    case "token-head":
      return "a head that shares the table's weights cannot be written; train with tied false";
    default:
      return "it has no counterpart";
  }
}

/** Layers of one option, or none. */
function writePlain(
  layer: Extract<Layer, { type: "zero-pad" | "crop" | "leaky-relu" | "global-max-pool" }>,
): WrittenLayer {
  const format = { data_format: "channels_last" };
  switch (layer.type) {
    case "zero-pad":
      return {
        kind: "ZeroPadding2D",
        options: { padding: [layer.rows, layer.columns], ...format },
      };
    case "crop":
      return { kind: "Cropping2D", options: { cropping: [layer.rows, layer.columns], ...format } };
    case "leaky-relu":
      return { kind: "LeakyReLU", options: { alpha: layer.slope } };
    case "global-max-pool":
      return { kind: "GlobalMaxPooling2D", options: format };
  }
}

/**
 * Writes a layer that joins no values.
 * @param vocabulary  classes of the model, for what reads or answers with tokens
 * Stops with ENGINE_KERAS_EXPORT.
 */
export function writeLayer(layer: Layer, vocabulary: number, place: string): WrittenLayer {
  switch (layer.type) {
    case "conv2d":
      return conv2d(layer);
    case "dense":
      return {
        kind: "Dense",
        options: {
          units: layer.units,
          activation: ACTIVATIONS[layer.activation],
          use_bias: layer.bias !== false,
        },
        weights: layer.bias === false ? [kernel] : [kernel, bias],
      };
    case "depthwise-conv2d":
      return depthwise(layer);
    case "zero-pad":
    case "crop":
    case "leaky-relu":
    case "global-max-pool":
      return writePlain(layer);
    case "max-pool":
      return pool("MaxPooling2D", layer);
    case "average-pool":
      return pool("AveragePooling2D", layer);
    case "global-average-pool":
      return { kind: "GlobalAveragePooling2D", options: { data_format: "channels_last" } };
    case "flatten":
      return { kind: "Flatten", options: {} };
    case "reshape":
      return { kind: "Reshape", options: { target_shape: layer.shape } };
    case "relu":
      return { kind: "Activation", options: { activation: "relu" } };
    case "activation":
      return { kind: "Activation", options: { activation: ACTIVATIONS[layer.activation] } };
    case "dropout":
      return { kind: "Dropout", options: { rate: layer.rate, noise_shape: null, seed: null } };
    case "batch-norm":
      return batchNorm(layer);
    case "layer-norm": {
      const { epsilon = EPSILON } = layer;
      const options = { axis: -1, epsilon, center: true, scale: true };
      return { kind: "LayerNormalization", options, weights: affine };
    }
    case "embedding":
      if (layer.positions === "learned") break;
      return {
        kind: "Embedding",
        options: { input_dim: vocabulary, output_dim: layer.width, mask_zero: false },
        weights: [["embeddings", "table"]],
      };
    case "token-head":
      if (layer.tied) break;
      return {
        kind: "Dense",
        options: { units: vocabulary, activation: "linear", use_bias: false },
        weights: [kernel],
      };
    default:
      break;
  }
  return stop("ENGINE_KERAS_EXPORT", { layer: place, kind: layer.type, rule: refusal(layer) });
}
