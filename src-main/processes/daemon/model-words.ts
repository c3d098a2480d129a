/** Decides how a model is told to people: what it takes, its layers, how it learns. */

import { formatCount, formatNumberOf } from "../../contract/units.ts";
import type { Layer, ModelConfig } from "../../engine/index.ts";

/** What a model takes and tells apart. */
export function inputWords(input: ModelConfig["input"], classes: number): string {
  if ("tokens" in input) {
    const vocabulary = formatNumberOf(classes, "kind", "kinds");
    return `texts of ${formatNumberOf(input.tokens, "token", "tokens")}, each of ${vocabulary}`;
  }
  const what =
    "features" in input
      ? `rows of ${formatNumberOf(input.features, "number", "numbers")}`
      : `images of ${input.height} × ${input.width} × ${input.channels}`;
  return `${what} in ${formatNumberOf(classes, "class", "classes")}`;
}

const OPTIMIZERS: Readonly<Record<ModelConfig["optimizer"]["type"], string>> = {
  "sgd-momentum": "SGD with momentum",
  "adam-w": "AdamW",
};

/** Characters of a model's layers in words; a quote has 512 for all of it. */
const LAYER_WORDS_MAX = 460;

/** A model's layers and its optimizer. */
export function modelWords({ layers, optimizer }: ModelConfig): string {
  const words = listWords(layers);
  const cut = words.length > LAYER_WORDS_MAX ? `${words.slice(0, LAYER_WORDS_MAX)}…` : words;
  return `${cut}; learns by ${OPTIMIZERS[optimizer.type]}`;
}

function listWords(layers: readonly Layer[]): string {
  return joined(layers.map(layerWords).filter((word) => word !== ""));
}

/** Words in a row; what stands there several times in a row is counted. */
function joined(words: readonly string[]): string {
  const runs: { word: string; count: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.count += 1;
    else runs.push({ word, count: 1 });
  }
  return runs.map(({ word, count }) => (count === 1 ? word : `${count} × ${word}`)).join(", ");
}

/** A layer in words; "" for what only changes how numbers are seen. */
export function layerWords(layer: Layer): string {
  switch (layer.type) {
    case "conv2d":
      return `convolution ${layer.kernel}×${layer.kernel} to ${formatCount(layer.filters)}`;
    case "residual":
      return `(${listWords(layer.layers)} + ${listWords(layer.shortcut) || "itself"})`;
    case "residual-block":
      return `residual block ${formatCount(layer.filters)}`;
    case "global-average-pool":
      return "mean of each channel";
    case "activation":
      return layer.activation;
    case "depthwise-conv2d":
      return `depthwise convolution ${layer.kernel}×${layer.kernel}`;
    case "concat":
      return `(${layer.branches.map((each) => listWords(each) || "itself").join(" beside ")})`;
    case "global-max-pool":
      return "largest of each channel";
    case "max-pool":
      return `pool ${layer.size}×${layer.size}`;
    case "dense":
      return `dense ${formatCount(layer.units)}`;
    case "average-pool":
      return `mean pool ${layer.size}×${layer.size}`;
    case "embedding":
      return `embedding ${formatCount(layer.width)}`;
    case "transformer-block":
      return `transformer block of ${formatNumberOf(layer.heads, "head", "heads")}`;
    case "dropout":
      return `dropout ${String(layer.rate)}`;
    case "batch-norm":
      return "batch norm";
    case "layer-norm":
      return "layer norm";
    case "rms-norm":
      return "RMS norm";
    case "token-head":
    case "zero-pad":
    case "crop":
    case "leaky-relu":
    case "reshape":
    case "flatten":
    case "relu":
      return "";
  }
}
