import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENGINE_KERAS_CODES } from "../../../src-main/contract/codes/engine-keras.ts";
import { ENGINE_CODES } from "../../../src-main/contract/codes/engine.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import {
  compileTraining,
  importLayersModel,
  readModelDocument,
  readWeights,
} from "../../../src-main/engine/index.ts";
import type { Weight } from "../../../src-main/engine/index.ts";
import { functional, layer } from "../../generators/keras-document.ts";
import { keras3 } from "../../generators/keras3-document.ts";

const RUNS = 900;
const SEED = Number(process.env["VIVIAN_SEED"] ?? 1);

/** A model with a sum, norms and all that has options. */
const TOPOLOGY = functional(
  [8, 8, 2],
  [
    [layer("Conv2D", { name: "c", filters: 2, kernel_size: [3, 3], padding: "same" }), ["in"]],
    [layer("BatchNormalization", { name: "n", axis: [3], momentum: 0.9, epsilon: 0.01 }), ["c"]],
    [layer("Activation", { name: "a", activation: "gelu" }), ["n"]],
    [layer("Add", { name: "s" }), ["a", "in"]],
    [layer("ZeroPadding2D", { name: "z", padding: [[0, 1], 1] }), ["s"]],
    [layer("DepthwiseConv2D", { name: "e", kernel_size: 2, depth_multiplier: 1 }), ["z"]],
    [layer("MaxPooling2D", { name: "m", pool_size: 3, strides: 1, padding: "same" }), ["e"]],
    [layer("LeakyReLU", { name: "l", alpha: 0.1 }), ["e"]],
    [layer("Concatenate", { name: "j", axis: -1 }), ["l", "m"]],
    [layer("AveragePooling2D", { name: "p", pool_size: [2, 2], strides: [2, 2] }), ["j"]],
    [layer("Reshape", { name: "r", target_shape: [4, -1] }), ["p"]],
    [layer("Flatten", { name: "f" }), ["r"]],
    [layer("Dropout", { name: "o", rate: 0.5 }), ["f"]],
    [layer("Dense", { name: "d", units: 3, activation: "softmax" }), ["o"]],
  ],
  "d",
) as { readonly model_config: unknown };

const WEIGHTS = [
  ["c/kernel", [3, 3, 2, 2]],
  ["c/bias", [2]],
  ["n/gamma", [2]],
  ["n/beta", [2]],
  ["n/moving_mean", [2]],
  ["n/moving_variance", [2]],
  ["e/depthwise_kernel", [2, 2, 2, 1]],
  ["e/bias", [2]],
  ["d/kernel", [64, 3]],
  ["d/bias", [3]],
] as const;

const DOCUMENT = {
  format: "layers-model",
  modelTopology: TOPOLOGY,
  weightsManifest: [
    {
      paths: ["a.bin"],
      weights: WEIGHTS.map(([name, shape], at) => ({
        name,
        shape,
        dtype: "float32",
        ...(at === 1 ? { quantization: { dtype: "uint8", scale: 0.1, min: 0 } } : {}),
      })),
    },
  ],
};

/** The same in the form of Keras 3, within another model. */
const OF_KERAS_3 = {
  ...DOCUMENT,
  modelTopology: {
    class_name: "Sequential",
    config: {
      name: "outer",
      layers: [(keras3(TOPOLOGY.model_config) as typeof TOPOLOGY).model_config],
    },
  },
};

/** What somebody puts in the place of a value. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1,
  1.5,
  7,
  1e9,
  9_007_199_254_740_993,
  1e308,
  "",
  "x",
  "in",
  "d",
  "Add",
  "Dense",
  "constructor",
  "__proto__",
  "\u202e\u0000",
  "../../etc/passwd",
  "softmax",
  [],
  {},
  [[]],
  ["in", 0, 0, {}],
  { args: [{ class_name: "__keras_tensor__", config: { keras_history: ["c", 0, 0] } }] },
  "__keras_tensor__",
  "Concatenate",
  "Sequential",
  [
    [
      ["in", 0, 0],
      ["c", 0, 0],
    ],
  ],
  JSON.parse('{"__proto__": {"units": 3}, "constructor": 1}') as unknown,
  Array.from({ length: 2_000 }, () => 1),
];

/** Every place of a document, as the keys that lead there. */
function places(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, item]) => places(item, [...at, key]));
  return [at, ...inner];
}

/** The document with another value in one place, or with a key more. */
function replaced(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value)) {
    return value.map((item: unknown, at) =>
      String(at) === key ? replaced(item, rest, put) : item,
    );
  }
  const object = { ...(value as Record<string, unknown>) };
  object[key] = replaced(object[key], rest, put);
  return object;
}

/** What a terminal shows as it is. */
const ONE_LINE = /^[^\p{Cc}\u202e]{0,300}$/u;

const known = new Set([...Object.keys(ENGINE_KERAS_CODES), ...Object.keys(ENGINE_CODES)]);

function expectAnswer(outcome: Outcome<unknown>): void {
  if (outcome.ok) return;
  expect(known).toContain(outcome.rejection.code);
  for (const fact of Object.values(outcome.rejection.facts ?? {})) {
    const text = String(fact);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text).toMatch(ONE_LINE);
  }
}

/** Reads a document and bytes of its weights as the adapter does; whether all went well. */
function readAll(document: unknown, bytes: Uint8Array): boolean {
  const read = readModelDocument(document);
  expectAnswer(read);
  if (!read.ok) return false;
  const weights = new Map<string, Weight>();
  for (const group of read.value.groups ?? []) {
    if (group.bytes > 1_000_000) return false;
    const values = readWeights(group, bytes);
    expectAnswer(values);
    if (!values.ok) return false;
    for (const [name, value] of values.value) weights.set(name, value);
  }
  const outcome = importLayersModel(read.value.topology, read.value.groups ? weights : null);
  expectAnswer(outcome);
  if (!outcome.ok) return false;
  expect(compileTraining(outcome.value.model).ok).toBe(true);
  for (const note of outcome.value.notes) expect(note).toMatch(ONE_LINE);
  const finite = outcome.value.states?.every((values) => values.every(Number.isFinite)) ?? true;
  expect(finite).toBe(true);
  return true;
}

const COUNT = WEIGHTS.reduce((sum, [, shape]) => sum + shape.reduce<number>((a, b) => a * b, 1), 0);
const BYTES = new Uint8Array(4 * COUNT - 6);

describe("a foreign model", () => {
  it("is read where it is sound, so that what follows means something", () => {
    expect(readAll(DOCUMENT, BYTES)).toBe(true);
    expect(readAll(OF_KERAS_3, BYTES)).toBe(true);
  });

  it.each([
    ["of TensorFlow.js", DOCUMENT],
    ["of Keras 3", OF_KERAS_3],
  ])(
    "%s is answered by a value or a rejection, whatever stands in a place of it",
    (_name, sound) => {
      const all = places(sound);
      const change = fc.tuple(fc.constantFrom(...all), fc.constantFrom(...HOSTILE));
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
          let document: unknown = sound;
          for (const [at, put] of changes) {
            try {
              document = replaced(document, at, put);
            } catch {
              // An earlier change took the place away.
            }
          }
          readAll(document, BYTES);
        }),
        { numRuns: RUNS, seed: SEED },
      );
    },
  );

  it("is answered for any JSON at all", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        readAll(value, BYTES);
        readAll({ ...DOCUMENT, modelTopology: value }, BYTES);
        readAll({ ...DOCUMENT, weightsManifest: value }, BYTES);
      }),
      { numRuns: RUNS / 3, seed: SEED },
    );
  });

  it("is answered for any bytes of its weights", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: BYTES.length, maxLength: BYTES.length }), (bytes) => {
        readAll(DOCUMENT, bytes);
      }),
      { numRuns: 200, seed: SEED },
    );
  });
});
