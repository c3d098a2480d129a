import { describe, expect, it } from "vitest";
import {
  compileEvaluation,
  compileTraining,
  sampleBytes,
  stateMapping,
} from "../../../src-main/engine/compile.ts";
import { LAYERS_MAX, OPS_MAX } from "../../../src-main/engine/limits.ts";
import { DIGITS_CNN } from "../../../src-main/engine/models/digits-cnn.ts";
import type { Layer } from "../../../src-main/engine/models/model-config.ts";
import { modelText } from "../../../src-main/engine/models/model-text.ts";
import { parseModel } from "../../../src-main/engine/models/parse-model.ts";
import { openProgram } from "../../../src-main/engine/program/check.ts";
import { encodeProgram } from "../../../src-main/engine/program/wire.ts";

function compiled<T>(outcome: { ok: true; value: T } | { ok: false }): T {
  if (!outcome.ok) throw new Error("was refused");
  return outcome.value;
}

describe("compile", () => {
  it("names states by layer, velocities after all parameters", () => {
    const training = compiled(compileTraining(DIGITS_CNN));
    const names = training.states.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["layer-0/weights", "layer-0/bias", "layer-2/weights"]);
    expect(names.slice(6, 8)).toEqual(["velocity/layer-0/weights", "velocity/layer-0/bias"]);
    expect(training.updates.length).toBe(training.states.length);
    expect(training.outputs.map(({ name }) => name)).toEqual(["loss", "logits"]);
  });

  it("balances weight gradients of products and nothing else", () => {
    const training = compiled(compileTraining(DIGITS_CNN));
    const profiles = training.ops
      .filter(({ op }) => op === "matmul")
      .map(({ attributes }) => attributes[0]);
    expect(profiles).toEqual([0, 0, 1]);
  });

  it("loads a table as f32 features, without making an image of it", () => {
    const input = { features: 6 };
    const layers: readonly Layer[] = [{ type: "dense", units: 10, activation: "none" }];
    const table = { ...DIGITS_CNN, input, layers };
    const training = compiled(compileTraining(table));
    expect(training.ops[0]).toMatchObject({ op: "load", attributes: [1], shape: [32, 7] });
    expect(training.states[0].shape).toEqual([6, 10]);
    expect(sampleBytes(table)).toBe(25);
    expect(sampleBytes(DIGITS_CNN)).toBe(785);
    const conv: Layer = { type: "conv2d", filters: 2, kernel: 3, activation: "relu" };
    const refused = compileTraining({ ...table, layers: [conv, ...layers] });
    expect(refused.ok ? "accepted" : refused.rejection.code).toBe("ENGINE_MODEL_SHAPE");
  });

  it("names profile I8 in every product of a model that asks for it, backward too", () => {
    const training = compiled(compileTraining({ ...DIGITS_CNN, profile: "I8" }));
    const products = training.ops.filter(({ op }) => op.startsWith("conv2d") || op === "matmul");
    expect(products.map(({ attributes }) => attributes[0])).toEqual(products.map(() => 2));
    expect(products.length).toBe(8);
  });

  it("takes numbers of a peer's text that no f32 of ours holds as 0, and does not stop", () => {
    const schedule = [{ step: 1, rate: -0 }];
    const optimizer = { type: "sgd-momentum", momentum: 1e-40, schedule } as const;
    expect(compileTraining({ ...DIGITS_CNN, optimizer }).ok).toBe(true);
  });

  it("evaluates with the first states of training, in any batch size", () => {
    const training = compiled(compileTraining(DIGITS_CNN));
    const evaluation = compiled(compileEvaluation(DIGITS_CNN, 50));
    expect(stateMapping(training, evaluation)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(evaluation.updates).toEqual([]);
    expect(evaluation.outputs.map(({ name }) => name)).toEqual(["logits"]);
    expect(evaluation.ops[0].shape).toEqual([50, 785]);
  });

  it("refuses layers that do not fit together, with the layer", () => {
    const refusal = (layers: readonly Layer[]) => {
      const outcome = compileTraining({ ...DIGITS_CNN, layers });
      return outcome.ok
        ? "accepted"
        : `${outcome.rejection.code} ${outcome.rejection.facts?.layer}`;
    };
    const dense = (units: number): Layer => ({ type: "dense", units, activation: "none" });
    const flatten: Layer = { type: "flatten" };
    expect(refusal([flatten, dense(10)])).toBe("accepted");
    expect(refusal([dense(10)])).toBe("ENGINE_MODEL_SHAPE 0");
    expect(refusal([flatten, dense(9)])).toBe("ENGINE_MODEL_SHAPE 1");
    expect(refusal([flatten, { type: "max-pool", size: 2 }])).toBe("ENGINE_MODEL_SHAPE 1");
    expect(refusal([{ type: "max-pool", size: 29 }, flatten])).toBe("ENGINE_MODEL_SHAPE 0");
    const conv: Layer = { type: "conv2d", filters: 2, kernel: 3, activation: "relu" };
    expect(refusal([flatten, conv])).toBe("ENGINE_MODEL_SHAPE 1");
    expect(refusal([{ type: "relu" }])).toBe("ENGINE_MODEL_SHAPE 0");
  });

  it("refuses a model above the limits instead of building it", () => {
    const layers: readonly Layer[] = [
      { type: "conv2d", filters: 65_536, kernel: 3, activation: "none" },
      { type: "flatten" },
      { type: "dense", units: 10, activation: "none" },
    ];
    const outcome = compileTraining({ ...DIGITS_CNN, layers });
    expect(outcome.ok ? "accepted" : outcome.rejection.code).toBe("ENGINE_LIMIT");
  });

  it("compiles what a program holds of a text of many layers, and refuses more", () => {
    const norms = (count: number): readonly Layer[] =>
      Array.from({ length: count }, () => ({ type: "rms-norm" }));
    const end: Layer = { type: "dense", units: 10, activation: "none" };
    const deep = {
      ...DIGITS_CNN,
      input: { features: 3 },
      layers: [...norms(LAYERS_MAX - 1), end],
    };
    const whole = compiled(parseModel(modelText(deep)));
    const program = compiled(compileTraining(whole));
    expect(openProgram(encodeProgram(program))).toEqual({ ok: true, value: program });
    // The same text for each part of a batch is more than any program holds.
    const parts = compileTraining(compiled(parseModel(modelText({ ...deep, accumulate: 16 }))));
    const facts = { what: "ops", value: OPS_MAX + 1, max: OPS_MAX };
    expect(parts).toEqual({ ok: false, rejection: { code: "ENGINE_LIMIT", facts } });
    const longer = parseModel(modelText({ ...deep, layers: [...norms(LAYERS_MAX), end] }));
    expect(longer.ok || longer.rejection.facts).toMatchObject({ key: "layers" });
  });
});
