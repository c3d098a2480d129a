/** Decides how one layer of a model's JSON is read. */
import {
  BRANCHES_MAX,
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
import type { Ends, Layer } from "./model-config.ts";
import { nearestName } from "./nearest-name.ts";

const ACTIVATIONS = ["none", "relu", "relu6", "gelu", "silu", "tanh", "sigmoid"] as const;
const ALONE = ["relu6", "gelu", "silu", "tanh", "sigmoid"] as const;
const NORMS = ["batch", "none"] as const;
const POSITIONS = ["learned", "rotary"] as const;

/** Axes of a sample under `reshape`: an image has most. */
const RESHAPE_RANK_MAX = 3;

/** Keys of each layer type beside `type`. */
const LAYER_KEYS: Readonly<Record<Layer["type"], readonly string[]>> = {
  conv2d: ["filters", "kernel", "stride", "padding", "bias", "activation"],
  "depthwise-conv2d": ["kernel", "stride", "padding", "multiplier", "bias", "activation"],
  "zero-pad": ["rows", "columns"],
  crop: ["rows", "columns"],
  "max-pool": ["size", "stride", "padding"],
  "global-max-pool": [],
  "leaky-relu": ["slope"],
  concat: ["branches"],
  "global-average-pool": [],
  flatten: [],
  reshape: ["shape"],
  dense: ["units", "bias", "activation"],
  relu: [],
  activation: ["activation"],
  residual: ["layers", "shortcut"],
  "residual-block": ["filters", "stride", "norm"],
  dropout: ["rate"],
  "average-pool": ["size", "stride", "padding"],
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

function readDepthwise(fields: FieldReader): Layer {
  const padding = fields.choice("padding", ["same", "valid"] as const, "same");
  const most = { min: 1, max: WIDTH_MAX };
  const multiplier = fields.has("multiplier") ? fields.integer("multiplier", most) : 1;
  return {
    type: "depthwise-conv2d",
    kernel: fields.integer("kernel", { min: 1, max: KERNEL_MAX }),
    ...strideOf(fields),
    ...(padding === "valid" ? { padding } : {}),
    ...(multiplier === 1 ? {} : { multiplier }),
    ...biasOf(fields),
    activation: fields.choice("activation", ACTIVATIONS, "none"),
  };
}

function readPool(fields: FieldReader, type: "max-pool" | "average-pool"): Layer {
  const size = fields.integer("size", { min: 1, max: IMAGE_SIDE_MAX });
  const side = { min: 1, max: IMAGE_SIDE_MAX };
  const stride = fields.has("stride") ? fields.integer("stride", side) : size;
  const padding = fields.choice("padding", ["valid", "same"] as const, "valid");
  if (size === 1 && stride === 1) fields.refuse("size", "2 or more, or a stride of 2 or more");
  if (stride < size && size > KERNEL_MAX) {
    fields.refuse("size", `at most ${KERNEL_MAX} where windows overlap`);
  }
  return {
    type,
    size,
    ...(stride === size ? {} : { stride }),
    ...(padding === "same" ? { padding } : {}),
  };
}

/** Pixels before and after an axis; [0, 0] where the field is absent. */
function readEnds(fields: FieldReader, key: "rows" | "columns"): Ends {
  if (!fields.has(key)) return [0, 0];
  const [before, after] = fields.list(key, { min: 2, max: 2 }).map((value) => {
    const isCount = typeof value === "number" && Number.isSafeInteger(value);
    if (isCount && value >= 0 && value <= IMAGE_SIDE_MAX) return value;
    return fields.refuse(key, `two integers from 0 to ${IMAGE_SIDE_MAX}: before, after`);
  });
  return [before, after];
}

function readConcat(fields: FieldReader, where: string, depth: number): Layer {
  const branches = fields.list("branches", { min: 2, max: BRANCHES_MAX }).map((value, at) => {
    if (!Array.isArray(value) || value.length > LAYERS_MAX) {
      return fields.refuse("branches", `lists of at most ${LAYERS_MAX} layers`);
    }
    return (value as unknown[]).map((layer, index) =>
      readInner(fields, "branches", layer, `${where}.branches[${at}][${index}]`, depth),
    );
  });
  return { type: "concat", branches };
}

/** A layer within another; what reads tokens stands outside. */
function readInner(
  fields: FieldReader,
  key: string,
  value: unknown,
  where: string,
  depth: number,
): Layer {
  const layer = readLayerAt(value, where, depth + 1);
  const { type } = layer;
  if (type === "embedding" || type === "transformer-block" || type === "token-head") {
    fields.refuse(key, `${type} stands outside of a ${key === "branches" ? "concat" : "residual"}`);
  }
  return layer;
}

/** The layers of one side of a residual. */
function readSide(
  fields: FieldReader,
  key: "layers" | "shortcut",
  where: string,
  depth: number,
): readonly Layer[] {
  if (key === "shortcut" && !fields.has(key)) return [];
  const min = key === "layers" ? 1 : 0;
  return fields.list(key, { min, max: LAYERS_MAX }).map((value, index) => {
    return readInner(fields, key, value, `${where}.${key}[${index}]`, depth);
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
    case "depthwise-conv2d":
      return readDepthwise(fields);
    case "zero-pad":
    case "crop":
      return { type, rows: readEnds(fields, "rows"), columns: readEnds(fields, "columns") };
    case "max-pool":
    case "average-pool":
      return readPool(fields, type);
    case "leaky-relu":
      return { type, slope: fields.number("slope", { min: 0, max: 1 }) };
    case "concat":
      return readConcat(fields, where, depth);
    case "dense": {
      const width = fields.integer("units", units);
      const activation = fields.choice("activation", ACTIVATIONS, "none");
      return { type, units: width, ...biasOf(fields), activation };
    }
    case "activation":
      return { type, activation: fields.choice("activation", ALONE) };
    case "reshape":
      return { type, shape: readShape(fields) };
    case "residual":
      return {
        type,
        layers: readSide(fields, "layers", where, depth),
        shortcut: readSide(fields, "shortcut", where, depth),
      };
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
    case "global-max-pool":
    case "flatten":
    case "relu":
    case "rms-norm":
      return { type };
  }
}
