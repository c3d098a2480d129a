import { describe, expect, it } from "vitest";

import {
  answersOf,
  evaluateWeights,
} from "../../../../src-main/adapters/float-engine/evaluate-weights.ts";
import {
  compileTraining,
  initialStates,
  ReferenceBackend,
} from "../../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../../src-main/engine/index.ts";

const common = {
  batchSize: 2,
  loss: "softmax-cross-entropy",
  optimizer: { type: "sgd-momentum", momentum: 0.9, schedule: [{ step: 1, rate: 0.1 }] },
} as const;

const table: ModelConfig = {
  ...common,
  input: { height: 1, width: 2, channels: 1 },
  classes: 2,
  layers: [{ type: "flatten" }, { type: "dense", units: 2, activation: "none" }],
};

const text = (classes: number): ModelConfig => ({
  ...common,
  input: { tokens: 3 },
  classes,
  layers: [
    { type: "embedding", width: 4, positions: "learned" },
    { type: "token-head", tied: true },
  ],
});

/** Weights that put class 1 above class 0 by the first pixel alone. */
function tableStates(): Float32Array[] {
  const compiled = compileTraining(table);
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  const states = initialStates(new Uint8Array(32), compiled.value).map((values) => values.slice());
  states[0].set([0, 4, 0, 0]);
  states[1].set([2, 0]);
  return states;
}

describe("adapters/float-engine/evaluate-weights", () => {
  it("takes labels of tables and pictures, of a text the token after each one", () => {
    expect(answersOf(table, Uint8Array.of(9, 9, 1, 8, 8, 0))).toEqual([1, 0]);
    expect(answersOf(text(9), Uint8Array.of(5, 6, 7, 8, 1, 2, 3, 4))).toEqual([6, 7, 8, 2, 3, 4]);
    const words = Uint8Array.of(5, 0, 6, 1, 7, 0, 8, 2);
    expect(answersOf(text(600), words)).toEqual([262, 7, 520]);
  });

  it("judges each sample once, also where the last batch is filled up", async () => {
    // Bright first pixels are class 1 with a margin of 2, dark ones class 0 with the same margin.
    const samples = Uint8Array.from(
      Array.from({ length: 101 }, (_, at) => [
        at % 2 === 0 ? 255 : 0,
        0,
        at === 100 ? 0 : (at + 1) % 2,
      ]).flat(),
    );
    const found = await evaluateWeights(new ReferenceBackend(), table, tableStates(), samples);
    const right = Math.log(1 + Math.exp(-2));
    expect(found.answers).toBe(101);
    expect(found.accuracy).toBeCloseTo(100 / 101, 12);
    expect(found.loss).toBeCloseTo((100 * right + (right + 2)) / 101, 3);
  });

  it("refuses a model with the engine's code", async () => {
    const model = { ...table, layers: [{ type: "dense", units: 3, activation: "none" }] } as const;
    const judged = evaluateWeights(new ReferenceBackend(), model, [], new Uint8Array(3));
    await expect(judged).rejects.toMatchObject({ code: "ENGINE_MODEL_SHAPE" });
  });
});
