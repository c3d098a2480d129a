import { describe, expect, it } from "vitest";
import { DIGITS_CNN } from "../../../../src-main/engine/models/digits-cnn.ts";
import type { ModelConfig } from "../../../../src-main/engine/models/model-config.ts";
import { modelText } from "../../../../src-main/engine/models/model-text.ts";
import { parseModel, readModelValue } from "../../../../src-main/engine/models/parse-model.ts";
import type { Rejection } from "../../../../src-main/contract/outcome.ts";

function refusal(change: object): Rejection {
  const read = readModelValue({ ...DIGITS_CNN, ...change });
  if (read.ok) throw new Error("was accepted");
  return read.rejection;
}

const dense = { type: "dense", units: 10 };

describe("parseModel", () => {
  it("reads the default model and fills in defaults", () => {
    expect(parseModel(modelText(DIGITS_CNN))).toEqual({ ok: true, value: DIGITS_CNN });
    const read = readModelValue({ ...DIGITS_CNN, layers: [dense] });
    expect(read.ok && read.value.layers).toEqual([{ ...dense, activation: "none" }]);
  });

  it("reads tables, AdamW and the profile, and leaves the default profile out", () => {
    const adamW = {
      type: "adam-w",
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.01,
      schedule: [{ step: 1, rate: 0.001 }],
    } as const;
    const model = { ...DIGITS_CNN, input: { features: 4 }, optimizer: adamW } as const;
    const coarse = { ...model, profile: "I8" } as const;
    expect(parseModel(modelText(model))).toEqual({ ok: true, value: model });
    expect(parseModel(modelText(coarse))).toEqual({ ok: true, value: coarse });
    expect(modelText(coarse)).not.toBe(modelText(model));
    const spoken = readModelValue({ ...DIGITS_CNN, profile: "I14" });
    expect(spoken.ok && Object.hasOwn(spoken.value, "profile")).toBe(false);
    expect(spoken.ok && modelText(spoken.value)).toBe(modelText(DIGITS_CNN));
  });

  it("reads what looks through windows, changes edges and joins values, and back", () => {
    const conv = { type: "conv2d", filters: 2, kernel: 1, activation: "relu6" } as const;
    const layers: ModelConfig["layers"] = [
      { type: "zero-pad", rows: [1, 0], columns: [0, 2] },
      { type: "depthwise-conv2d", kernel: 3, stride: 2, multiplier: 2, activation: "none" },
      { type: "depthwise-conv2d", kernel: 2, padding: "valid", bias: false, activation: "relu" },
      { type: "max-pool", size: 3, stride: 2, padding: "same" },
      { type: "average-pool", size: 2, stride: 1 },
      { type: "crop", rows: [0, 1], columns: [0, 0] },
      { type: "leaky-relu", slope: 0.3 },
      { type: "concat", branches: [[conv], [], [{ type: "concat", branches: [[], [conv]] }]] },
      { type: "global-max-pool" },
      { type: "dense", units: 10, activation: "none" },
    ];
    const model: ModelConfig = { ...DIGITS_CNN, layers };
    expect(parseModel(modelText(model))).toEqual({ ok: true, value: model });
    const first = (layer: unknown) => {
      const spoken = readModelValue({ ...model, layers: [layer, layers[9]] });
      return spoken.ok ? spoken.value.layers[0] : spoken.rejection.facts?.["key"];
    };
    // One text for one model: what says nothing is left out.
    expect(first({ type: "max-pool", size: 2, stride: 2, padding: "valid" })).toEqual({
      type: "max-pool",
      size: 2,
    });
    expect(first({ type: "zero-pad", rows: [1, 1] })).toEqual({
      type: "zero-pad",
      rows: [1, 1],
      columns: [0, 0],
    });
    const each = { type: "depthwise-conv2d", kernel: 3, multiplier: 1, padding: "same" };
    expect(first(each)).toEqual({ type: "depthwise-conv2d", kernel: 3, activation: "none" });
    expect(first({ type: "max-pool", size: 1 })).toBe("size");
    expect(first({ type: "average-pool", size: 32, stride: 2 })).toBe("size");
    expect(first({ type: "crop", rows: [1], columns: [0, 0] })).toBe("rows");
    expect(first({ type: "crop", rows: [1, 1], columns: [0, -1] })).toBe("columns");
    expect(first({ type: "leaky-relu", slope: 2 })).toBe("slope");
    expect(first({ type: "concat", branches: [[conv]] })).toBe("branches");
    expect(first({ type: "concat", branches: [[conv], conv] })).toBe("branches");
    const tokens = { type: "token-head" };
    expect(first({ type: "concat", branches: [[conv], [tokens]] })).toBe("branches");
    const deep = Array.from({ length: 4 }).reduce<unknown>(
      (inner) => ({ type: "concat", branches: [[], [inner]] }),
      conv,
    );
    expect(refusal({ ...model, layers: [deep] }).facts?.["rule"]).toContain("at most 4 deep");
  });

  it("reads models of text, all their layers and both limits of a step, and back", () => {
    const model: ModelConfig = {
      ...DIGITS_CNN,
      input: { tokens: 128 },
      classes: 65_536,
      layers: [
        { type: "embedding", width: 64, positions: "rotary" },
        { type: "dropout", rate: 0.1 },
        { type: "transformer-block", heads: 4, hidden: 256 },
        { type: "rms-norm" },
        { type: "layer-norm" },
        { type: "batch-norm", momentum: 0.9 },
        { type: "average-pool", size: 2 },
        { type: "token-head", tied: false },
        { type: "dense", units: 4, activation: "gelu" },
      ],
      clipNorm: 1,
      accumulate: 4,
    };
    expect(parseModel(modelText(model))).toEqual({ ok: true, value: model });
    const short = readModelValue({
      ...model,
      layers: [{ type: "embedding", width: 64 }, { type: "token-head" }],
    });
    expect(short.ok && short.value.layers).toEqual([
      { type: "embedding", width: 64, positions: "learned" },
      { type: "token-head", tied: true },
    ]);
    const keyOf = (change: object) => refusal({ ...model, ...change }).facts?.["key"];
    expect(keyOf({ accumulate: 1 })).toBe("accumulate");
    expect(keyOf({ accumulate: 3 })).toBe("accumulate");
    expect(keyOf({ clipNorm: 0 })).toBe("clipNorm");
    expect(keyOf({ classes: 65_537 })).toBe("classes");
    expect(keyOf({ layers: [{ type: "dropout", rate: 1 }] })).toBe("rate");
    expect(keyOf({ layers: [{ type: "batch-norm", momentum: 1 }] })).toBe("momentum");
    expect(keyOf({ layers: [{ type: "token-head", tied: "yes" }] })).toBe("tied");
    expect(keyOf({ layers: [{ type: "embedding", width: 8, positions: "none" }] })).toBe(
      "positions",
    );
  });

  it("reads residuals, strides and what an image may end in, and leaves defaults out", () => {
    const model: ModelConfig = {
      ...DIGITS_CNN,
      layers: [
        { type: "reshape", shape: [28, 28, 1] },
        { type: "conv2d", filters: 4, kernel: 7, stride: 2, padding: "valid", activation: "none" },
        { type: "residual-block", filters: 8, stride: 2, norm: "batch" },
        { type: "residual-block", filters: 8, norm: "none" },
        {
          type: "residual",
          layers: [
            { type: "conv2d", filters: 8, kernel: 1, bias: false, activation: "none" },
            { type: "residual", layers: [{ type: "relu" }], shortcut: [] },
          ],
          shortcut: [{ type: "batch-norm", momentum: 0.99, epsilon: 0.001 }],
        },
        { type: "layer-norm", epsilon: 0.001 },
        { type: "activation", activation: "gelu" },
        { type: "global-average-pool" },
        { type: "dense", units: 10, bias: false, activation: "none" },
      ],
    };
    expect(parseModel(modelText(model))).toEqual({ ok: true, value: model });
    const spoken = readModelValue({
      ...DIGITS_CNN,
      layers: [
        { type: "conv2d", filters: 4, kernel: 3, stride: 1, padding: "same", bias: true },
        { type: "residual-block", filters: 4, stride: 1 },
        { type: "residual", layers: [{ type: "relu" }] },
      ],
    });
    expect(spoken.ok && spoken.value.layers).toEqual([
      { type: "conv2d", filters: 4, kernel: 3, activation: "none" },
      { type: "residual-block", filters: 4, norm: "batch" },
      { type: "residual", layers: [{ type: "relu" }], shortcut: [] },
    ]);
  });

  it("refuses residuals that are empty, too deep, or hold what reads tokens", () => {
    const within = (layer: unknown, depth: number): unknown =>
      depth === 0 ? layer : { type: "residual", layers: [within(layer, depth - 1)] };
    const factsOf = (layer: unknown) => refusal({ layers: [layer] }).facts;
    expect(readModelValue({ ...DIGITS_CNN, layers: [within({ type: "relu" }, 3)] }).ok).toBe(true);
    expect(factsOf(within({ type: "relu" }, 4))?.["rule"]).toContain("at most 4 deep");
    expect(factsOf(within({ type: "dense" }, 1))).toMatchObject({
      where: "layers[0].layers[0]",
      key: "units",
    });
    expect(factsOf({ type: "residual", layers: [] })?.["key"]).toBe("layers");
    expect(factsOf(within({ type: "token-head" }, 1))?.["rule"]).toContain("token-head");
    expect(factsOf({ type: "reshape", shape: [2, 0] })?.["key"]).toBe("shape");
    expect(factsOf({ type: "activation", activation: "relu" })?.["key"]).toBe("activation");
  });

  it("refuses what is neither image nor table, and what belongs to another optimizer", () => {
    const codeAndKey = (change: object) => {
      const { code, facts } = refusal(change);
      return `${code} ${facts?.key}`;
    };
    const both = { features: 4, height: 2, width: 2, channels: 1 };
    expect(codeAndKey({ input: both })).toBe("ENGINE_MODEL_KEY height");
    expect(codeAndKey({ input: { features: 0 } })).toBe("ENGINE_MODEL_VALUE features");
    expect(codeAndKey({ input: { features: 65_537 } })).toBe("ENGINE_MODEL_VALUE features");
    expect(codeAndKey({ input: {} })).toBe("ENGINE_MODEL_MISSING height");
    expect(codeAndKey({ profile: "I14K" })).toBe("ENGINE_MODEL_VALUE profile");
    const schedule = [{ step: 1, rate: 0.001 }];
    const adamW = { type: "adam-w", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
    const withAdamW = (change: object) =>
      codeAndKey({ optimizer: { ...adamW, schedule, ...change } });
    expect(withAdamW({ momentum: 0.9 })).toBe("ENGINE_MODEL_KEY momentum");
    expect(withAdamW({ beta2: 1 })).toBe("ENGINE_MODEL_VALUE beta2");
    expect(withAdamW({ beta1: 1 - 2 ** -25 })).toBe("ENGINE_MODEL_VALUE beta1");
    expect(withAdamW({ epsilon: 0 })).toBe("ENGINE_MODEL_VALUE epsilon");
    expect(withAdamW({ type: "adam" })).toBe("ENGINE_MODEL_VALUE type");
  });

  it("names the nearest key and layer", () => {
    expect(refusal({ batchsize: 3 })).toMatchObject({
      code: "ENGINE_MODEL_KEY",
      facts: { nearest: "batchSize" },
    });
    expect(refusal({ layers: [{ type: "conv2" }] })).toMatchObject({
      code: "ENGINE_MODEL_LAYER",
      facts: { where: "layers[0]", nearest: "conv2d" },
    });
    expect(refusal({ layers: [{ ...dense, unit: 1 }] })).toMatchObject({
      facts: { nearest: "units" },
    });
  });

  it("says what is missing and what a value may be", () => {
    expect(refusal({ layers: [{ type: "dense" }] })).toMatchObject({
      code: "ENGINE_MODEL_MISSING",
      facts: { key: "units" },
    });
    expect(refusal({ layers: [{}] }).code).toBe("ENGINE_MODEL_MISSING");
    expect(refusal({ classes: 1 })).toMatchObject({
      code: "ENGINE_MODEL_VALUE",
      facts: { key: "classes", rule: "an integer from 2 to 256" },
    });
    expect(refusal({ batchSize: 1.5 }).code).toBe("ENGINE_MODEL_VALUE");
    expect(refusal({ input: [] }).code).toBe("ENGINE_MODEL_VALUE");
    expect(refusal({ layers: [{ type: "conv2d", filters: 4, kernel: 32 }] })).toMatchObject({
      facts: { rule: "an integer from 1 to 31" },
    });
    expect(refusal({ layers: [{ ...dense, activation: "rely" }] })).toMatchObject({
      facts: { rule: "one of none, relu, relu6, gelu, silu, tanh, sigmoid; nearest: relu" },
    });
  });

  it("refuses a schedule that does not start at 1 or does not ascend", () => {
    const withSchedule = (steps: readonly number[]) =>
      refusal({
        optimizer: {
          ...DIGITS_CNN.optimizer,
          schedule: steps.map((step) => ({ step, rate: 0.1 })),
        },
      }).code;
    expect(withSchedule([2])).toBe("ENGINE_MODEL_VALUE");
    expect(withSchedule([1, 5, 5])).toBe("ENGINE_MODEL_VALUE");
    expect(withSchedule([])).toBe("ENGINE_MODEL_VALUE");
  });

  it("refuses text that is no JSON, no object or too long", () => {
    const codeOf = (text: string) => {
      const read = parseModel(text);
      return read.ok ? "accepted" : read.rejection.code;
    };
    expect(codeOf("{")).toBe("ENGINE_MODEL_JSON");
    expect(codeOf("[]")).toBe("ENGINE_MODEL_VALUE");
    expect(codeOf("null")).toBe("ENGINE_MODEL_VALUE");
    expect(codeOf(" ".repeat(16_385))).toBe("ENGINE_LIMIT");
    expect(codeOf('{"__proto__":{"classes":2}}')).toBe("ENGINE_MODEL_KEY");
  });
});
