/** Decides how the text of a model becomes a `ModelConfig`, and how it is refused. */
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  BATCH_MAX,
  CHANNELS_MAX,
  CLASSES_MAX,
  FEATURES_MAX,
  IMAGE_SIDE_MAX,
  LAYERS_MAX,
  MODEL_TEXT_MAX,
  SCHEDULE_POINTS_MAX,
  WIDTH_MAX,
} from "../limits.ts";
import { FieldReader, ModelStop } from "./field-reader.ts";
import type { Layer, ModelConfig, SchedulePoint } from "./model-config.ts";
import { nearestName } from "./nearest-name.ts";

const ACTIVATIONS = ["none", "relu"] as const;
const KERNELS = [3, 5] as const;
const PROFILES = ["I14", "I8"] as const;

/** The largest f32 below 1: a share kept of a mean, whose correction must not become 0. */
const BETA_MAX = 1 - 1 / 16777216;

/** Keys of each optimizer beside `type` and `schedule`. */
const OPTIMIZER_KEYS = {
  "sgd-momentum": ["momentum"],
  "adam-w": ["beta1", "beta2", "epsilon", "weightDecay"],
} as const;

/** Keys of each layer type beside `type`. */
const LAYER_KEYS: Readonly<Record<Layer["type"], readonly string[]>> = {
  conv2d: ["filters", "kernel", "activation"],
  "max-pool": ["size"],
  flatten: [],
  dense: ["units", "activation"],
  relu: [],
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

function readLayer(value: unknown, index: number): Layer {
  const where = `layers[${index}]`;
  const type = layerType(value, where);
  const fields = new FieldReader(value, where, ["type", ...LAYER_KEYS[type]]);
  switch (type) {
    case "conv2d": {
      const filters = fields.integer("filters", { min: 1, max: WIDTH_MAX });
      const given = fields.any("kernel");
      const kernel = KERNELS.find((size) => size === given);
      if (kernel === undefined) return fields.refuse("kernel", "3 or 5");
      const activation = fields.choice("activation", ACTIVATIONS, "none");
      return { type, filters, kernel, activation };
    }
    case "max-pool":
      return { type, size: fields.integer("size", { min: 2, max: IMAGE_SIDE_MAX }) };
    case "dense": {
      const units = fields.integer("units", { min: 1, max: WIDTH_MAX });
      return { type, units, activation: fields.choice("activation", ACTIVATIONS, "none") };
    }
    case "flatten":
    case "relu":
      return { type };
  }
}

function readPoint(value: unknown, index: number): SchedulePoint {
  const where = `optimizer.schedule[${index}]`;
  const fields = new FieldReader(value, where, ["step", "rate"]);
  const step = fields.integer("step", { min: 1, max: 0x7fff_ffff });
  return { step, rate: fields.number("rate", { min: 0, max: 1_000 }) };
}

function readSchedule(fields: FieldReader): readonly SchedulePoint[] {
  const points = fields.list("schedule", { min: 1, max: SCHEDULE_POINTS_MAX });
  const schedule = points.map(readPoint);
  for (const [index, { step }] of schedule.entries()) {
    const fits = index === 0 ? step === 1 : step > schedule[index - 1].step;
    if (!fits) fields.refuse("schedule", "the first step is 1, steps ascend");
  }
  return schedule;
}

function readOptimizer(value: unknown): ModelConfig["optimizer"] {
  const where = "optimizer";
  const all = [...OPTIMIZER_KEYS["sgd-momentum"], ...OPTIMIZER_KEYS["adam-w"]];
  const named = new FieldReader(value, where, ["type", "schedule", ...all]);
  const type = named.choice("type", ["sgd-momentum", "adam-w"] as const);
  const fields = new FieldReader(value, where, ["type", "schedule", ...OPTIMIZER_KEYS[type]]);
  if (type === "sgd-momentum") {
    const momentum = fields.number("momentum", { min: 0, max: 1 });
    return { type, momentum, schedule: readSchedule(fields) };
  }
  return {
    type,
    beta1: fields.number("beta1", { min: 0, max: BETA_MAX }),
    beta2: fields.number("beta2", { min: 0, max: BETA_MAX }),
    epsilon: fields.number("epsilon", { min: 1e-20, max: 1 }),
    weightDecay: fields.number("weightDecay", { min: 0, max: 1 }),
    schedule: readSchedule(fields),
  };
}

function readInput(value: unknown): ModelConfig["input"] {
  const known = ["height", "width", "channels", "features"];
  const named = new FieldReader(value, "input", known);
  if (named.has("features")) {
    const fields = new FieldReader(value, "input", ["features"]);
    return { features: fields.integer("features", { min: 1, max: FEATURES_MAX }) };
  }
  const side = { min: 1, max: IMAGE_SIDE_MAX };
  return {
    height: named.integer("height", side),
    width: named.integer("width", side),
    channels: named.integer("channels", { min: 1, max: CHANNELS_MAX }),
  };
}

function readModel(value: unknown): ModelConfig {
  const keys = ["input", "classes", "batchSize", "layers", "loss", "optimizer", "profile"];
  const fields = new FieldReader(value, "model", keys);
  const profile = fields.choice("profile", PROFILES, "I14");
  return {
    input: readInput(fields.any("input")),
    classes: fields.integer("classes", { min: 2, max: CLASSES_MAX }),
    batchSize: fields.integer("batchSize", { min: 1, max: BATCH_MAX }),
    layers: fields.list("layers", { min: 1, max: LAYERS_MAX }).map(readLayer),
    loss: fields.choice("loss", ["softmax-cross-entropy"] as const),
    optimizer: readOptimizer(fields.any("optimizer")),
    ...(profile === "I8" ? { profile } : {}),
  };
}

/**
 * Reads the value of a model's JSON. Never throws.
 * @rejects ENGINE_MODEL_KEY, _MISSING, _VALUE, _LAYER with where and what is allowed
 */
export function readModelValue(value: unknown): Outcome<ModelConfig> {
  try {
    return accept(readModel(value));
  } catch (error) {
    if (error instanceof ModelStop) return { ok: false, rejection: error.rejection };
    throw error;
  }
}

/**
 * Reads a model's JSON text. Never throws.
 * @rejects ENGINE_LIMIT above MODEL_TEXT_MAX, ENGINE_MODEL_JSON, and those of `readModelValue`
 */
export function parseModel(text: string): Outcome<ModelConfig> {
  if (text.length > MODEL_TEXT_MAX) {
    return reject("ENGINE_LIMIT", { what: "model text", value: text.length, max: MODEL_TEXT_MAX });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return reject("ENGINE_MODEL_JSON", { rule: "JSON text" });
  }
  return readModelValue(value);
}
