/** Decides how one layer of a model's JSON is read. */
import { HEADS_MAX, IMAGE_SIDE_MAX, WIDTH_MAX } from "../limits.ts";
import { FieldReader, ModelStop } from "./field-reader.ts";
import type { Layer } from "./model-config.ts";
import { nearestName } from "./nearest-name.ts";

const ACTIVATIONS = ["none", "relu", "gelu", "silu", "tanh", "sigmoid"] as const;
const POSITIONS = ["learned", "rotary"] as const;
const KERNELS = [3, 5] as const;

/** Running statistics that keep all of the past would never begin. */
const MOMENTUM_MAX = 0.9999;

/** Above it hardly an element stays in a step. */
const DROPOUT_RATE_MAX = 0.95;

/** Keys of each layer type beside `type`. */
const LAYER_KEYS: Readonly<Record<Layer["type"], readonly string[]>> = {
  conv2d: ["filters", "kernel", "activation"],
  "max-pool": ["size"],
  flatten: [],
  dense: ["units", "activation"],
  relu: [],
  dropout: ["rate"],
  "average-pool": ["size"],
  "batch-norm": ["momentum"],
  embedding: ["width", "positions"],
  "transformer-block": ["heads", "hidden"],
  "layer-norm": [],
  "rms-norm": [],
  "token-head": ["tied"],
};

function layerType(value: unknown, where: string): Layer["type"] {
  const known = Object.keys(LAYER_KEYS) as Layer["type"][];
  const type =
    typeof value === "object" && value !== null && Object.hasOwn(value, "type")
      ? (value as { type: unknown }).type
      : undefined;
  if (type === undefined) throw new ModelStop("ENGINE_MODEL_MISSING", { where, key: "type" });
  const found = known.find((name) => name === type);
  if (found !== undefined) return found;
  const given = typeof type === "string" ? type.slice(0, 64) : typeof type;
  throw new ModelStop("ENGINE_MODEL_LAYER", { where, given, nearest: nearestName(given, known) });
}

/**
 * Reads one layer.
 * @throws ModelStop with where and what is allowed
 */
export function readLayer(value: unknown, index: number): Layer {
  const where = `layers[${index}]`;
  const type = layerType(value, where);
  const fields = new FieldReader(value, where, ["type", ...LAYER_KEYS[type]]);
  const units = { min: 1, max: WIDTH_MAX };
  switch (type) {
    case "conv2d": {
      const filters = fields.integer("filters", units);
      const given = fields.any("kernel");
      const kernel = KERNELS.find((size) => size === given);
      if (kernel === undefined) return fields.refuse("kernel", "3 or 5");
      const activation = fields.choice("activation", ACTIVATIONS, "none");
      return { type, filters, kernel, activation };
    }
    case "max-pool":
    case "average-pool":
      return { type, size: fields.integer("size", { min: 2, max: IMAGE_SIDE_MAX }) };
    case "dense": {
      const width = fields.integer("units", units);
      return { type, units: width, activation: fields.choice("activation", ACTIVATIONS, "none") };
    }
    case "dropout":
      return { type, rate: fields.number("rate", { min: 0, max: DROPOUT_RATE_MAX }) };
    case "batch-norm":
      return { type, momentum: fields.number("momentum", { min: 0, max: MOMENTUM_MAX }) };
    case "embedding": {
      const width = fields.integer("width", units);
      return { type, width, positions: fields.choice("positions", POSITIONS, "learned") };
    }
    case "transformer-block": {
      const heads = fields.integer("heads", { min: 1, max: HEADS_MAX });
      return { type, heads, hidden: fields.integer("hidden", units) };
    }
    case "token-head":
      return { type, tied: fields.flag("tied", true) };
    case "flatten":
    case "relu":
    case "layer-norm":
    case "rms-norm":
      return { type };
  }
}
