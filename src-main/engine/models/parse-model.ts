/** Decides how the text of a model becomes a `ModelConfig`, and how it is refused. */
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  ACCUMULATE_MAX,
  BATCH_MAX,
  CHANNELS_MAX,
  CLASSES_MAX,
  FEATURES_MAX,
  IMAGE_SIDE_MAX,
  LAYERS_MAX,
  MODEL_TEXT_MAX,
  SCHEDULE_POINTS_MAX,
  TOKENS_MAX,
  VOCABULARY_MAX,
} from "../limits.ts";
import { FieldReader, ModelStop } from "./field-reader.ts";
import type { ModelConfig, SchedulePoint } from "./model-config.ts";
import { readLayer } from "./read-layer.ts";

const PROFILES = ["I14", "I8"] as const;

const MODEL_KEYS = ["input", "classes", "batchSize", "layers", "loss", "optimizer"];
const OPTIONAL_KEYS = ["profile", "clipNorm", "accumulate"];

/** The largest f32 below 1: a share kept of a mean, whose correction must not become 0. */
const BETA_MAX = 1 - 1 / 16777216;

/** Keys of each optimizer beside `type` and `schedule`. */
const OPTIMIZER_KEYS = {
  "sgd-momentum": ["momentum"],
  "adam-w": ["beta1", "beta2", "epsilon", "weightDecay"],
} as const;

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
  const known = ["height", "width", "channels", "features", "tokens"];
  const named = new FieldReader(value, "input", known);
  if (named.has("features")) {
    const fields = new FieldReader(value, "input", ["features"]);
    return { features: fields.integer("features", { min: 1, max: FEATURES_MAX }) };
  }
  if (named.has("tokens")) {
    const fields = new FieldReader(value, "input", ["tokens"]);
    return { tokens: fields.integer("tokens", { min: 1, max: TOKENS_MAX }) };
  }
  const side = { min: 1, max: IMAGE_SIDE_MAX };
  return {
    height: named.integer("height", side),
    width: named.integer("width", side),
    channels: named.integer("channels", { min: 1, max: CHANNELS_MAX }),
  };
}

/** Parts of a batch; one is no accumulation and has no other spelling than none. */
function readParts(fields: FieldReader, batchSize: number): number {
  const parts = fields.integer("accumulate", { min: 2, max: ACCUMULATE_MAX });
  if (batchSize % parts !== 0) fields.refuse("accumulate", "a divisor of batchSize");
  return parts;
}

function readModel(value: unknown): ModelConfig {
  const fields = new FieldReader(value, "model", [...MODEL_KEYS, ...OPTIONAL_KEYS]);
  const profile = fields.choice("profile", PROFILES, "I14");
  const input = readInput(fields.any("input"));
  const classesMax = "tokens" in input ? VOCABULARY_MAX : CLASSES_MAX;
  const batchSize = fields.integer("batchSize", { min: 1, max: BATCH_MAX });
  return {
    input,
    classes: fields.integer("classes", { min: 2, max: classesMax }),
    batchSize,
    layers: fields.list("layers", { min: 1, max: LAYERS_MAX }).map(readLayer),
    loss: fields.choice("loss", ["softmax-cross-entropy"] as const),
    optimizer: readOptimizer(fields.any("optimizer")),
    ...(profile === "I8" ? { profile } : {}),
    ...(fields.has("clipNorm")
      ? { clipNorm: fields.number("clipNorm", { min: 1e-10, max: 1e10 }) }
      : {}),
    ...(fields.has("accumulate") ? { accumulate: readParts(fields, batchSize) } : {}),
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
