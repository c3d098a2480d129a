/**
 * Decides the canonical text of a model: JSON without spaces, keys in the order written here, all
 * defaults stated. Numbers are as ECMAScript writes them, which is exact and the same everywhere.
 */
import type { Layer, ModelConfig } from "./model-config.ts";

const object = (fields: readonly (readonly [string, string])[]): string =>
  `{${fields.map(([key, value]) => `"${key}":${value}`).join(",")}}`;

const list = (items: readonly string[]): string => `[${items.join(",")}]`;

/** Names are ours, from closed sets, so nothing in them needs an escape. */
const name = (value: string): string => `"${value}"`;

function layerText(layer: Layer): string {
  const type = ["type", name(layer.type)] as const;
  switch (layer.type) {
    case "conv2d":
      return object([
        type,
        ["filters", String(layer.filters)],
        ["kernel", String(layer.kernel)],
        ["activation", name(layer.activation)],
      ]);
    case "max-pool":
      return object([type, ["size", String(layer.size)]]);
    case "dense":
      return object([type, ["units", String(layer.units)], ["activation", name(layer.activation)]]);
    case "flatten":
    case "relu":
      return object([type]);
  }
}

/** The one text of a model; `parseModel` of it gives the model back. */
export function modelText(config: ModelConfig): string {
  const { input, optimizer } = config;
  const points = optimizer.schedule.map(({ step, rate }) =>
    object([
      ["step", String(step)],
      ["rate", String(rate)],
    ]),
  );
  return object([
    [
      "input",
      object([
        ["height", String(input.height)],
        ["width", String(input.width)],
        ["channels", String(input.channels)],
      ]),
    ],
    ["classes", String(config.classes)],
    ["batchSize", String(config.batchSize)],
    ["layers", list(config.layers.map(layerText))],
    ["loss", name(config.loss)],
    [
      "optimizer",
      object([
        ["type", name(optimizer.type)],
        ["momentum", String(optimizer.momentum)],
        ["schedule", list(points)],
      ]),
    ],
  ]);
}
