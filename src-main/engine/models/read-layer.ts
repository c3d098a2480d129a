/** Decides how one layer of a model's JSON is read. */
import {
  DROPOUT_RATE_MAX,
  ELEMENTS_MAX,
  EPSILON_RANGE,
  HEADS_MAX,
  IMAGE_SIDE_MAX,
  KERNEL_MAX,
  LAYERS_MAX,
  LAYER_DEPTH_MAX,
  MOMENTUM_MAX,
  STRIDE_MAX,
  WIDTH_MAX,
} from "../limits.ts";
import { FieldReader, ModelStop } from "./field-reader.ts";
import type { Layer } from "./model-config.ts";
import { nearestName } from "./nearest-name.ts";

const ACTIVATIONS = ["none", "relu", "gelu", "silu", "tanh", "sigmoid"] as const;
const ALONE = ["gelu", "silu", "tanh", "sigmoid"] as const;
const NORMS = ["batch", "none"] as const;
const POSITIONS = ["learned", "rotary"] as const;

/** Axes of a sample under `reshape`: an image has most. */
const RESHAPE_RANK_MAX = 3;

/** Keys of each layer type beside `type`. */
const LAYER_KEYS: Readonly<Record<Layer["type"], readonly string[]>> = {
  conv2d: ["filters", "kernel", "stride", "padding", "bias", "activation"],
  "max-pool": ["size"],
  "global-average-pool": [],
  flatten: [],
  reshape: ["shape"],
  dense: ["units", "bias", "activation"],
  relu: [],
  activation: ["activation"],
  residual: ["layers", "shortcut"],
  "residual-block": ["filters", "stride", "norm"],
  dropout: ["rate"],
  "average-pool": ["size"],
  "batch-norm": ["momentum", "epsilon"],
  embedding: ["width", "positions"],
  "transformer-block": ["heads", "hidden"],
  "layer-norm": ["epsilon"],
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

/** What is absent where it is the default, so that a model has one text. */
const strideOf = (fields: FieldReader) => {
  const stride = fields.has("stride") ? fields.integer("stride", { min: 1, max: STRIDE_MAX }) : 1;
  return stride === 1 ? {} : { stride };
};
const biasOf = (fields: FieldReader) => (fields.flag("bias", true) ? {} : { bias: false as const });
const epsilonOf = (fields: FieldReader) =>
  fields.has("epsilon") ? { epsilon: fields.number("epsilon", EPSILON_RANGE) } : {};

function readConv2d(fields: FieldReader): Layer {
  const kernel = fields.integer("kernel", { min: 1, max: KERNEL_MAX });
  const padding = fields.choice("padding", ["same", "valid"] as const, "same");
  return {
    type: "conv2d",
    filters: fields.integer("filters", { min: 1, max: WIDTH_MAX }),
    kernel,
    ...strideOf(fields),
    ...(padding === "valid" ? { padding } : {}),
    ...biasOf(fields),
    activation: fields.choice("activation", ACTIVATIONS, "none"),
  };
}

/** The layers of one side of a residual; what reads tokens stands outside. */
function readSide(
  fields: FieldReader,
  key: "layers" | "shortcut",
  where: string,
  depth: number,
): readonly Layer[] {
  if (key === "shortcut" && !fields.has(key)) return [];
  const min = key === "layers" ? 1 : 0;
  return fields.list(key, { min, max: LAYERS_MAX }).map((value, index) => {
    const layer = readLayerAt(value, `${where}.${key}[${index}]`, depth + 1);
    const { type } = layer;
    if (type === "embedding" || type === "transformer-block" || type === "token-head") {
      fields.refuse(key, `${type} stands outside of a residual`);
    }
    return layer;
  });
}

function readShape(fields: FieldReader): readonly number[] {
  return fields.list("shape", { min: 1, max: RESHAPE_RANK_MAX }).map((dim) => {
    const fits = typeof dim === "number" && Number.isSafeInteger(dim);
    if (fits && dim >= 1 && dim <= ELEMENTS_MAX) return dim;
    return fields.refuse("shape", `integers from 1 to ${ELEMENTS_MAX}`);
  });
}

/**
 * Reads one layer.
 * @throws ModelStop with where and what is allowed
 */
export function readLayer(value: unknown, index: number): Layer {
  return readLayerAt(value, `layers[${index}]`, 1);
}

function readLayerAt(value: unknown, where: string, depth: number): Layer {
  if (depth > LAYER_DEPTH_MAX) {
    const rule = `residuals within residuals, at most ${LAYER_DEPTH_MAX} deep`;
    throw new ModelStop("ENGINE_MODEL_VALUE", { where, rule });
  }
  const type = layerType(value, where);
  const fields = new FieldReader(value, where, ["type", ...LAYER_KEYS[type]]);
  const units = { min: 1, max: WIDTH_MAX };
  switch (type) {
    case "conv2d":
      return readConv2d(fields);
    case "max-pool":
    case "average-pool":
      return { type, size: fields.integer("size", { min: 2, max: IMAGE_SIDE_MAX }) };
    case "dense": {
      const width = fields.integer("units", units);
      const activation = fields.choice("activation", ACTIVATIONS, "none");
      return { type, units: width, ...biasOf(fields), activation };
    }
    case "activation":
      return { type, activation: fields.choice("activation", ALONE) };
    case "reshape":
      return { type, shape: readShape(fields) };
    case "residual": {
      const layers = readSide(fields, "layers", where, depth);
      return { type, layers, shortcut: readSide(fields, "shortcut", where, depth) };
    }
    case "residual-block": {
      const filters = fields.integer("filters", units);
      return { type, filters, ...strideOf(fields), norm: fields.choice("norm", NORMS, "batch") };
    }
    case "dropout":
      return { type, rate: fields.number("rate", { min: 0, max: DROPOUT_RATE_MAX }) };
    case "batch-norm": {
      const momentum = fields.number("momentum", { min: 0, max: MOMENTUM_MAX });
      return { type, momentum, ...epsilonOf(fields) };
    }
    case "layer-norm":
      return { type, ...epsilonOf(fields) };
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
    case "global-average-pool":
    case "flatten":
    case "relu":
    case "rms-norm":
      return { type };
  }
}
