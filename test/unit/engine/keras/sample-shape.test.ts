import { describe, expect, it } from "vitest";
import { compileEvaluation } from "../../../../src-main/engine/compile.ts";
import { shapeAfter } from "../../../../src-main/engine/keras/sample-shape.ts";
import { DIGITS_TINY } from "../../../../src-main/engine/models/digits-tiny.ts";
import type { Layer } from "../../../../src-main/engine/models/model-config.ts";

const conv = { type: "conv2d", filters: 3, kernel: 4, activation: "none" } as const;

const LAYERS: readonly Layer[] = [
  conv,
  { ...conv, stride: 3 },
  { ...conv, stride: 2, padding: "valid" },
  { type: "residual-block", filters: 5, stride: 2, norm: "none" },
  {
    type: "residual",
    layers: [{ type: "max-pool", size: 2 }],
    shortcut: [{ type: "max-pool", size: 2 }],
  },
  { type: "average-pool", size: 3 },
  { type: "average-pool", size: 4, stride: 3, padding: "same" },
  { type: "max-pool", size: 3, stride: 2 },
  { type: "max-pool", size: 2, stride: 5, padding: "same" },
  { type: "depthwise-conv2d", kernel: 3, multiplier: 2, activation: "relu6" },
  { type: "depthwise-conv2d", kernel: 4, stride: 3, padding: "valid", activation: "none" },
  { type: "zero-pad", rows: [1, 2], columns: [0, 3] },
  { type: "crop", rows: [1, 2], columns: [0, 3] },
  { type: "leaky-relu", slope: 0.1 },
  { type: "concat", branches: [[conv], [], [{ ...conv, filters: 5 }]] },
  { type: "batch-norm", momentum: 0.5 },
];

describe("the shape of a sample", () => {
  it.each(LAYERS)("is what the program makes of it: $type", (layer) => {
    const shape = shapeAfter([13, 10, 2], layer);
    const count = shape.reduce((product, dim) => product * dim, 1);
    const model = (units: number) => ({
      ...DIGITS_TINY,
      input: { height: 13, width: 10, channels: 2 },
      layers: [
        layer,
        { type: "reshape", shape: [...shape] } as const,
        { type: "flatten" } as const,
        { type: "dense", units, activation: "none" } as const,
      ],
    });
    const program = compileEvaluation(model(10), 1);
    expect(program.ok ? "" : program.rejection.facts?.["rule"]).toBe("");
    const weights =
      program.ok && program.value.states.find(({ name }) => name === "layer-3/weights");
    expect(weights && weights.shape).toEqual([count, 10]);
    expect(
      program.ok && program.value.ops.some(({ shape: s }) => s.join() === [1, ...shape].join()),
    ).toBe(true);
  });

  it("is a vector after a mean of the image, and per token after an embedding", () => {
    expect(shapeAfter([4, 5, 6], { type: "global-average-pool" })).toEqual([6]);
    expect(shapeAfter([4, 5, 6], { type: "global-max-pool" })).toEqual([6]);
    expect(shapeAfter([7], { type: "embedding", width: 3, positions: "rotary" })).toEqual([7, 3]);
    expect(shapeAfter([7, 3], { type: "dense", units: 9, activation: "none" })).toEqual([7, 9]);
  });
});
