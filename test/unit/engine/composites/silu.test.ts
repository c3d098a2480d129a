import { describe, expect, it } from "vitest";
import { appendSilu } from "../../../../src-main/engine/composites/silu.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

describe("SiLU", () => {
  it("is x over 1 + e^−x", () => {
    const xs = [-70, -5, -0.5, 0, 0.5, 5, 70];
    const { values } = runGraph((graph, [x]) => appendSilu(graph, x), [tensorOf([7], xs)]);
    for (const [at, x] of xs.entries()) expect(values[at]).toBeCloseTo(x / (1 + Math.exp(-x)), 5);
    expect(values[0]).toBe(0);
  });

  it("has the gradient of its differences", () => {
    checkGradients(
      (graph, [x]) => appendSilu(graph, graph.op("sub", [x, graph.filled(1.5, [1, 1])])),
      [[3, 4]],
    );
  });
});
