import { describe, expect, it } from "vitest";
import { appendConcat } from "../../../../src-main/engine/composites/concat.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const squared = (axis: number) =>
  ((graph, [a, b]) => {
    const both = appendConcat(graph, a, b, axis);
    return graph.op("mul", [both, both]);
  }) satisfies Parameters<typeof checkGradients>[0];

describe("concat", () => {
  it("puts one tensor after the other along the axis", () => {
    const [a, b] = [tensorOf([2, 2], [1, 2, 3, 4]), tensorOf([2, 1], [5, 6])];
    const joined = runGraph((graph, [x, y]) => appendConcat(graph, x, y, 1), [a, b]);
    expect(joined).toEqual(tensorOf([2, 3], [1, 2, 5, 3, 4, 6]));
  });

  it("has the gradient of its differences", () => {
    checkGradients(squared(0), [
      [2, 3],
      [1, 3],
    ]);
    checkGradients(squared(1), [
      [2, 1],
      [2, 3],
    ]);
  });
});
