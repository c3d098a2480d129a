/**
 * Decides the canonical text of a model: JSON without spaces, keys in the order written here, all
 * defaults stated but the profile I14 and what is absent. Numbers are as ECMAScript writes them,
 * which is exact and the same everywhere.
 */
import type { Layer, ModelConfig } from "./model-config.ts";

const object = (fields: readonly (readonly [string, string])[]): string =>
  `{${fields.map(([key, value]) => `"${key}":${value}`).join(",")}}`;

const list = (items: readonly string[]): string => `[${items.join(",")}]`;

/** Names are ours, from closed sets, so nothing in them needs an escape. */
const name = (value: string): string => `"${value}"`;

/** A field that models of before do not have, so that they keep their text. */
const optional = (key: string, value: string | number | false | undefined) =>
  value === undefined
    ? []
    : [[key, typeof value === "string" ? name(value) : String(value)] as const];

const layerList = (layers: readonly Layer[]): string => list(layers.map(layerText));

/** Layers that look at an image through windows, and what changes its edges. */
type WindowLayer = Extract<
  Layer,
  { type: "conv2d" | "depthwise-conv2d" | "zero-pad" | "crop" | "max-pool" | "average-pool" }
>;

function windowText(layer: WindowLayer): string {
  const type = ["type", name(layer.type)] as const;
  switch (layer.type) {
    case "conv2d":
      return object([
        type,
        ["filters", String(layer.filters)],
        ["kernel", String(layer.kernel)],
        ...optional("stride", layer.stride),
        ...optional("padding", layer.padding),
        ...optional("bias", layer.bias),
        ["activation", name(layer.activation)],
      ]);
    case "depthwise-conv2d":
      return object([
        type,
        ["kernel", String(layer.kernel)],
        ...optional("stride", layer.stride),
        ...optional("padding", layer.padding),
        ...optional("multiplier", layer.multiplier),
        ...optional("bias", layer.bias),
        ["activation", name(layer.activation)],
      ]);
    case "zero-pad":
    case "crop":
      return object([
        type,
        ["rows", list(layer.rows.map(String))],
        ["columns", list(layer.columns.map(String))],
      ]);
    case "max-pool":
    case "average-pool":
      return object([
        type,
        ["size", String(layer.size)],
        ...optional("stride", layer.stride),
        ...optional("padding", layer.padding),
      ]);
  }
}

function layerText(layer: Layer): string {
  const type = ["type", name(layer.type)] as const;
  switch (layer.type) {
    case "conv2d":
    case "depthwise-conv2d":
    case "zero-pad":
    case "crop":
    case "max-pool":
    case "average-pool":
      return windowText(layer);
    case "leaky-relu":
      return object([type, ["slope", String(layer.slope)]]);
    case "concat":
      return object([type, ["branches", list(layer.branches.map(layerList))]]);
    case "dense":
      return object([
        type,
        ["units", String(layer.units)],
        ...optional("bias", layer.bias),
        ["activation", name(layer.activation)],
      ]);
    case "activation":
      return object([type, ["activation", name(layer.activation)]]);
    case "reshape":
      return object([type, ["shape", list(layer.shape.map(String))]]);
    case "residual":
      return object([
        type,
        ["layers", layerList(layer.layers)],
        ["shortcut", layerList(layer.shortcut)],
      ]);
    case "residual-block":
      return object([
        type,
        ["filters", String(layer.filters)],
        ...optional("stride", layer.stride),
        ["norm", name(layer.norm)],
      ]);
    case "embedding":
      return object([type, ["width", String(layer.width)], ["positions", name(layer.positions)]]);
    case "transformer-block":
      return object([type, ["heads", String(layer.heads)], ["hidden", String(layer.hidden)]]);
    case "token-head":
      return object([type, ["tied", String(layer.tied)]]);
    case "dropout":
      return object([type, ["rate", String(layer.rate)]]);
    case "batch-norm":
      return object([
        type,
        ["momentum", String(layer.momentum)],
        ...optional("epsilon", layer.epsilon),
      ]);
    case "layer-norm":
      return object([type, ...optional("epsilon", layer.epsilon)]);
    case "global-average-pool":
    case "global-max-pool":
    case "flatten":
    case "relu":
    case "rms-norm":
      return object([type]);
  }
}

function inputText(input: ModelConfig["input"]): string {
  if ("features" in input) return object([["features", String(input.features)]]);
  if ("tokens" in input) return object([["tokens", String(input.tokens)]]);
  return object([
    ["height", String(input.height)],
    ["width", String(input.width)],
    ["channels", String(input.channels)],
  ]);
}

function optimizerText(optimizer: ModelConfig["optimizer"]): string {
  const points = optimizer.schedule.map(({ step, rate }) =>
    object([
      ["step", String(step)],
      ["rate", String(rate)],
    ]),
  );
  const type = ["type", name(optimizer.type)] as const;
  const schedule = ["schedule", list(points)] as const;
  switch (optimizer.type) {
    case "sgd-momentum":
      return object([type, ["momentum", String(optimizer.momentum)], schedule]);
    case "adam-w":
      return object([
        type,
        ["beta1", String(optimizer.beta1)],
        ["beta2", String(optimizer.beta2)],
        ["epsilon", String(optimizer.epsilon)],
        ["weightDecay", String(optimizer.weightDecay)],
        schedule,
      ]);
  }
}

/** The one text of a model; `parseModel` of it gives the model back. */
export function modelText(config: ModelConfig): string {
  return object([
    ["input", inputText(config.input)],
    ["classes", String(config.classes)],
    ["batchSize", String(config.batchSize)],
    ["layers", layerList(config.layers)],
    ["loss", name(config.loss)],
    ["optimizer", optimizerText(config.optimizer)],
    // Without it, models written before there was a choice keep their text.
    ...(config.profile === "I8" ? [["profile", name(config.profile)] as const] : []),
    ...optional("clipNorm", config.clipNorm),
    ...optional("accumulate", config.accumulate),
  ]);
}
