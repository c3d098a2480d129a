import { describe, expect, it } from "vitest";
import { compileEvaluation } from "../../../../src-main/engine/compile.ts";
import { exportLayersModel } from "../../../../src-main/engine/keras/export-layers-model.ts";
import { importLayersModel } from "../../../../src-main/engine/keras/import-layers-model.ts";
import { readModelDocument, readWeights } from "../../../../src-main/engine/keras/read-document.ts";
import { DIGITS_TINY } from "../../../../src-main/engine/models/digits-tiny.ts";
import type { Layer, ModelConfig } from "../../../../src-main/engine/models/model-config.ts";
import { initialStates } from "../../../../src-main/engine/random/initialise.ts";
import { refusalOf } from "../../../generators/keras-document.ts";

const WORDS = { weightsFile: "w.bin", generatedBy: "a test", metadata: { classes: ["a"] } };

const LAYERS: readonly Layer[] = [
  { type: "conv2d", filters: 4, kernel: 5, stride: 2, activation: "gelu" },
  { type: "max-pool", size: 2 },
  { type: "residual-block", filters: 6, stride: 2, norm: "batch" },
  { type: "residual-block", filters: 6, norm: "none" },
  {
    type: "residual",
    layers: [{ type: "conv2d", filters: 6, kernel: 1, bias: false, activation: "silu" }],
    shortcut: [{ type: "activation", activation: "tanh" }],
  },
  { type: "average-pool", size: 2 },
  { type: "layer-norm", epsilon: 0.01 },
  { type: "reshape", shape: [24] },
  { type: "dropout", rate: 0.5 },
  { type: "dense", units: 9, bias: false, activation: "sigmoid" },
  { type: "batch-norm", momentum: 0.9 },
  { type: "relu" },
  { type: "dense", units: 10, activation: "none" },
];

/** Layers that are read back one to one, in a Sequential. */
const CHAIN: readonly Layer[] = [
  { type: "zero-pad", rows: [1, 0], columns: [2, 3] },
  { type: "depthwise-conv2d", kernel: 3, stride: 2, multiplier: 2, activation: "relu6" },
  { type: "depthwise-conv2d", kernel: 2, padding: "valid", bias: false, activation: "none" },
  { type: "leaky-relu", slope: 0.125 },
  { type: "crop", rows: [0, 1], columns: [1, 0] },
  { type: "max-pool", size: 3, stride: 2, padding: "same" },
  { type: "average-pool", size: 2, stride: 1 },
  { type: "activation", activation: "relu6" },
  { type: "global-max-pool" },
  { type: "dense", units: 10, activation: "none" },
];

/** The same side by side with other widths, within each other too. */
const JOINED: readonly Layer[] = [
  { type: "conv2d", filters: 3, kernel: 3, activation: "relu" },
  {
    type: "concat",
    branches: [
      [{ type: "conv2d", filters: 2, kernel: 3, activation: "none" }],
      [],
      [
        { type: "max-pool", size: 3, stride: 1, padding: "same" },
        {
          type: "concat",
          branches: [[], [{ type: "conv2d", filters: 4, kernel: 1, activation: "none" }]],
        },
      ],
    ],
  },
  { type: "global-average-pool" },
  { type: "dense", units: 10, activation: "none" },
];

const IMAGES: ModelConfig = { ...DIGITS_TINY, layers: LAYERS };
const TEXT: ModelConfig = {
  ...DIGITS_TINY,
  input: { tokens: 6 },
  classes: 40,
  layers: [
    { type: "embedding", width: 4, positions: "rotary" },
    { type: "layer-norm" },
    { type: "token-head", tied: false },
  ],
};

function statesOf(model: ModelConfig): readonly Float32Array[] {
  const program = compileEvaluation(model, 1);
  if (!program.ok) throw new Error(JSON.stringify(program.rejection));
  return initialStates(new Uint8Array(32).fill(1), program.value).map((values, at) =>
    values.map((value, i) => Math.fround(value + (at + i) / 1_024)),
  );
}

/** What is read back of what was written. */
function readBack(model: ModelConfig) {
  const exported = exportLayersModel(model, statesOf(model), WORDS);
  if (!exported.ok) throw new Error(JSON.stringify(exported.rejection));
  const { document: written, weights } = exported.value;
  const json = JSON.stringify(written);
  const document = readModelDocument(JSON.parse(json));
  if (!document.ok || document.value.groups === null) throw new Error("no document");
  const [group] = document.value.groups;
  const values = readWeights(group, weights);
  if (!values.ok) throw new Error(values.rejection.code);
  const outcome = importLayersModel(document.value.topology, values.value);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return { json, imported: outcome.value };
}

/** All values one after the other, but the key of dropout, which is no part of a model's file. */
const joined = (model: ModelConfig, states: readonly Float32Array[] | null) => {
  const program = compileEvaluation(model, 1);
  if (!program.ok || states === null) throw new Error("no states");
  return states
    .filter((_, at) => program.value.states[at].name !== "dropout/key")
    .flatMap((v) => [...v]);
};

describe("exportLayersModel", () => {
  it("writes every layer it can so that the same weights are read back", () => {
    const { imported, json } = readBack(IMAGES);
    expect(joined(imported.model, imported.states)).toHaveLength(
      joined(IMAGES, statesOf(IMAGES)).length,
    );
    const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
    expect(sorted(joined(imported.model, imported.states))).toEqual(
      sorted(joined(IMAGES, statesOf(IMAGES))),
    );
    const file = JSON.parse(json) as Record<string, unknown>;
    expect(file).toMatchObject({
      format: "layers-model",
      generatedBy: "a test",
      userDefinedMetadata: { classes: ["a"] },
      modelTopology: { class_name: "Model" },
    });
    expect(imported.model.layers[0]).toEqual(LAYERS[0]);
    expect(imported.model.layers.map(({ type }) => type).slice(2, 6)).toEqual([
      "residual",
      "relu",
      "residual",
      "relu",
    ]);
  });

  it.each([
    ["in a chain", CHAIN, "Sequential"],
    ["side by side", JOINED, "Model"],
  ])("writes layers %s so that the same model is read back", (_name, layers, kind) => {
    const model = { ...DIGITS_TINY, layers };
    const { imported, json } = readBack(model);
    expect(imported.model.layers).toEqual(layers);
    expect(json).toContain(`"class_name":"${kind}"`);
    expect(joined(imported.model, imported.states)).toEqual(joined(model, statesOf(model)));
  });

  it("writes a chain without sums as a Sequential, byte for byte the same each time", () => {
    const { imported, json } = readBack(TEXT);
    expect(json).toContain('"class_name":"Sequential"');
    expect(readBack(TEXT).json).toBe(json);
    expect(imported.model).toMatchObject({ input: { tokens: 6 }, classes: 40 });
    expect(joined(imported.model, imported.states)).toEqual(joined(TEXT, statesOf(TEXT)));
  });

  it("refuses layers that other programs have no word for, with the layer", () => {
    const refusal = (layers: readonly Layer[]) => {
      const model = { ...TEXT, layers };
      return refusalOf(exportLayersModel(model, statesOf(model), WORDS));
    };
    const [embedding, , head] = TEXT.layers;
    const block: Layer = { type: "transformer-block", heads: 2, hidden: 8 };
    const learned: Layer = { type: "embedding", width: 4, positions: "learned" };
    expect(refusal([embedding, block, head])).toContain(
      "ENGINE_KERAS_EXPORT layer=1 kind=transformer-block rule=causal attention",
    );
    expect(refusal([learned, head])).toContain("layer=0 kind=embedding rule=learned positions");
    expect(refusal([embedding, { type: "rms-norm" }, head])).toContain("train with layer-norm");
    expect(refusal([embedding, { type: "token-head", tied: true }])).toContain("tied false");
    const broken = { ...TEXT, layers: [head] };
    expect(refusalOf(exportLayersModel(broken, [], WORDS))).toContain("ENGINE_MODEL_SHAPE");
  });
});
