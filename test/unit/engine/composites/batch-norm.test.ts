import { describe, expect, it } from "vitest";
import {
  appendBatchNorm,
  appendRunningNorm,
} from "../../../../src-main/engine/composites/batch-norm.ts";
import { canon } from "../../../../src-main/engine/canon.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const EPSILON = canon(1e-5);
const x = tensorOf([4, 2], [1, 10, 2, 20, 3, 30, 6, 60]);
const [gain, shift] = [tensorOf([2], [1, 2]), tensorOf([2], [0, 1])];

describe("batch norm", () => {
  it("moves each column to mean 0 and variance 1", () => {
    const { values } = runGraph(
      (graph, [a, b, c]) => appendBatchNorm(graph, a, b, c, EPSILON).y,
      [x, gain, shift],
    );
    const size = Math.sqrt(3.5 + 1e-5);
    expect(values[0]).toBeCloseTo(-2 / size, 5);
    expect(values[6]).toBeCloseTo(3 / size, 5);
    expect(values[1]).toBeCloseTo((2 * -20) / Math.sqrt(350 + 1e-5) + 1, 5);
  });

  it("gives the same by the statistics it found", () => {
    const once = runGraph(
      (graph, [a, b, c]) => appendBatchNorm(graph, a, b, c, EPSILON).y,
      [x, gain, shift],
    );
    const again = runGraph(
      (graph, [a, b, c]) => {
        const { statistics } = appendBatchNorm(graph, a, b, c, EPSILON);
        return appendRunningNorm(graph, a, b, c, statistics, EPSILON);
      },
      [x, gain, shift],
    );
    expect(again).toEqual(once);
  });

  it("has the gradient of its differences", () => {
    checkGradients(
      (graph, [a, b, c, weights]) =>
        graph.op("mul", [appendBatchNorm(graph, a, b, c, EPSILON).y, weights]),
      [[4, 3], [3], [3], [4, 3]],
    );
  });
});
