import { describe, expect, it } from "vitest";
import { compileEvaluation, compileTraining } from "../../../../src-main/engine/compile.ts";
import { DIGITS_TINY } from "../../../../src-main/engine/models/digits-tiny.ts";
import type { Layer, ModelConfig } from "../../../../src-main/engine/models/model-config.ts";
import { blockParts, hasLayer } from "../../../../src-main/engine/models/residual.ts";
import { initialStates } from "../../../../src-main/engine/random/initialise.ts";

const BLOCK = { type: "residual-block", filters: 4, norm: "batch" } as const;

const model = (layers: readonly Layer[]): ModelConfig => ({
  ...DIGITS_TINY,
  layers: [
    ...layers,
    { type: "global-average-pool" },
    { type: "dense", units: 10, activation: "none" },
  ],
});

function compiled(config: ModelConfig) {
  const program = compileTraining(config);
  if (!program.ok) throw new Error(JSON.stringify(program.rejection));
  return program.value;
}

const refusal = (layers: readonly Layer[]) => {
  const program = compileTraining(model(layers));
  return program.ok ? "accepted" : program.rejection.facts;
};

describe("residuals", () => {
  it("project where size or channels change, and only there", () => {
    const shortcutOf = (block: Parameters<typeof blockParts>[0]) =>
      blockParts(block, [2, 8, 8, 4]).residual.shortcut;
    expect(shortcutOf(BLOCK)).toEqual([]);
    expect(shortcutOf({ ...BLOCK, stride: 2 })).toMatchObject([
      { type: "conv2d", kernel: 1, stride: 2, bias: false },
      { type: "batch-norm" },
    ]);
    expect(shortcutOf({ ...BLOCK, filters: 5, norm: "none" })).toEqual([
      { type: "conv2d", filters: 5, kernel: 1, activation: "none" },
    ]);
  });

  it("add what both sides give, from tensors with names of their own", () => {
    const program = compiled(model([{ ...BLOCK, stride: 2 }]));
    const names = program.states.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("layer-0/body-0/weights");
    expect(names).toContain("layer-0/shortcut-1/running-variance");
    expect(compileEvaluation(model([BLOCK])).ok).toBe(true);
  });

  it("begin as their shortcut where there are no norms", () => {
    const program = compiled(model([{ ...BLOCK, norm: "none" }]));
    const states = initialStates(new Uint8Array(32).fill(3), program);
    const valuesOf = (name: string) =>
      states[program.states.findIndex((state) => state.name === name)];
    expect(valuesOf("layer-0/body-2/weights").every((value) => value === 0)).toBe(true);
    expect(valuesOf("layer-0/body-0/weights").some((value) => value !== 0)).toBe(true);
  });

  it("are refused where the sides differ, with both of them", () => {
    const side: Layer = { type: "conv2d", filters: 3, kernel: 3, activation: "none" };
    expect(refusal([{ type: "residual", layers: [side], shortcut: [] }])).toEqual({
      layer: 0,
      rule:
        "its layers give 28 × 28 × 3, its shortcut 28 × 28 × 1; " + "a projection makes them equal",
    });
    expect(refusal([{ type: "flatten" }, BLOCK])).toMatchObject({ layer: 1 });
    const inner: Layer = { type: "residual", layers: [{ type: "flatten" }, side], shortcut: [] };
    expect(refusal([inner])).toMatchObject({ layer: "0/body-1" });
  });

  it("hide no batch norm from accumulation", () => {
    const within: Layer = { type: "residual", layers: [BLOCK], shortcut: [] };
    expect(hasLayer([within], "batch-norm")).toBe(true);
    expect(hasLayer([{ ...BLOCK, norm: "none" }], "batch-norm")).toBe(false);
    const parts = compileTraining({ ...model([within]), accumulate: 2 });
    expect(!parts.ok && parts.rejection.facts).toMatchObject({ layer: 0 });
  });
});
