import { describe, expect, it } from "vitest";
import { appendRmsNorm } from "../../../../src-main/engine/composites/rms-norm.ts";
import { canon } from "../../../../src-main/engine/canon.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const EPSILON = canon(1e-5);

describe("RMS norm", () => {
  it("divides each row by the root of its mean square", () => {
    const { values } = runGraph(
      (graph, [x, gain]) => appendRmsNorm(graph, x, gain, EPSILON),
      [tensorOf([2, 2], [3, 4, 0, 0]), tensorOf([2], [1, 2])],
    );
    const size = Math.sqrt(12.5 + 1e-5);
    expect(values[0]).toBeCloseTo(3 / size, 6);
    expect(values[1]).toBeCloseTo(8 / size, 6);
    expect(Array.from(values.slice(2))).toEqual([0, 0]);
  });

  it("has the gradient of its differences", () => {
    checkGradients(
      (graph, [x, gain, weights]) =>
        graph.op("mul", [appendRmsNorm(graph, x, gain, EPSILON), weights]),
      [[3, 4], [4], [3, 4]],
    );
  });
});
