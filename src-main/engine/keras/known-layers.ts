/** Decides what a person is told to do about a layer that the engine does not have. */
import { stop } from "./keras-stop.ts";
import type { KerasLayer } from "./keras-layer.ts";

/**
 * Classes of layers that are read; `Add` and `Concatenate` join ways, `InputLayer`, `Rescaling` and
 * what works only while training vanish.
 */
export const KNOWN_KINDS = [
  "Dense",
  "Conv2D",
  "DepthwiseConv2D",
  "SeparableConv2D",
  "ZeroPadding2D",
  "Cropping2D",
  "MaxPooling2D",
  "AveragePooling2D",
  "GlobalAveragePooling2D",
  "GlobalMaxPooling2D",
  "Flatten",
  "Reshape",
  "Dropout",
  "Activation",
  "ReLU",
  "LeakyReLU",
  "Softmax",
  "BatchNormalization",
  "LayerNormalization",
  "Embedding",
  "Rescaling",
] as const;

/** What to do instead, by a part of the class's name; the first that fits. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/LSTM|GRU|RNN|ConvLSTM|Bidirectional|TimeDistributed/, "use layers without memory of steps"],
  [/1D/, "reshape to an image with one column and use the 2D layer"],
  [/3D/, "there are no volumes here; use images"],
  [/Transpose|UpSampling/, "images do not grow here; let the model end before it"],
  [/SpatialDropout|GaussianDropout|AlphaDropout/, "use Dropout, or leave it out"],
  [/ELU|Relu|SELU|Softplus/i, "use ReLU, LeakyReLU, gelu, swish, tanh or sigmoid"],
  [/Attention/, 'train a "transformer-block" written as this program\'s own model text'],
  [/^(Subtract|Multiply|Average|Maximum|Minimum|Dot)$/, "join values by Add or Concatenate"],
  [/^(Resizing|CenterCrop|Normalization)$/, "prepare the data so before the model"],
  [/Normalization/, "use BatchNormalization or LayerNormalization; prepare the data before"],
  [/Lambda|TFOpLambda|SlicingOpLambda/, "a layer that is code cannot be read; use a named layer"],
];

/** Refuses a layer of an unknown kind and says what to do instead. */
export function refuseKind({ kind, name }: KerasLayer): never {
  const found = INSTEAD.find(([pattern]) => pattern.test(kind));
  const instead = found?.[1] ?? `build it from ${KNOWN_KINDS.slice(0, 10).join(", ")}`;
  return stop("ENGINE_KERAS_LAYER", { layer: name, kind, instead });
}
