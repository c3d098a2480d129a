import { describe, expect, it } from "vitest";
import { appendLayerNorm } from "../../../../src-main/engine/composites/layer-norm.ts";
import { canon } from "../../../../src-main/engine/canon.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const EPSILON = canon(1e-5);

describe("layer norm", () => {
  it("moves each row to mean 0 and variance 1, then gains and shifts", () => {
    const x = tensorOf([2, 1, 4], [1, 2, 3, 6, -5, 0, 5, 0]);
    const gain = tensorOf([4], [1, 2, 1, 1]);
    const shift = tensorOf([4], [0, 0, 0, 10]);
    const { values, shape } = runGraph(
      (graph, [a, b, c]) => appendLayerNorm(graph, a, b, c, EPSILON),
      [x, gain, shift],
    );
    expect(shape).toEqual([2, 1, 4]);
    for (const row of [0, 1]) {
      const line = Array.from(x.values.slice(4 * row, 4 * row + 4));
      const mean = line.reduce((sum, value) => sum + value, 0) / 4;
      const variance = line.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4;
      for (const [at, value] of line.entries()) {
        const normal = (value - mean) / Math.sqrt(variance + 1e-5);
        expect(values[4 * row + at]).toBeCloseTo(normal * gain.values[at] + shift.values[at], 5);
      }
    }
  });

  it("gives the shift alone for a row that is one value, even a large one", () => {
    const { values } = runGraph(
      (graph, [a, b, c]) => appendLayerNorm(graph, a, b, c, EPSILON),
      [
        tensorOf([1, 3], [2 ** 50, 2 ** 50, 2 ** 50]),
        tensorOf([3], [1, 1, 1]),
        tensorOf([3], [1, 2, 3]),
      ],
    );
    expect(Array.from(values)).toEqual([1, 2, 3]);
  });

  it("has the gradient of its differences, for x, gain and shift", () => {
    const ops = checkGradients(
      (graph, [x, gain, shift, weights]) =>
        graph.op("mul", [appendLayerNorm(graph, x, gain, shift, EPSILON), weights]),
      [[2, 2, 3], [3], [3], [2, 2, 3]],
    );
    expect(ops.has("sqrt")).toBe(true);
  });
});
