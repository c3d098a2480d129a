import { describe, expect, it } from "vitest";
import { appendAveragePool } from "../../../../src-main/engine/composites/average-pool.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

describe("average pool", () => {
  it("takes the mean of each window and cuts off what is left over", () => {
    const x = tensorOf([1, 3, 5, 1], [1, 3, 5, 7, 9, 5, 7, 1, 3, 9, 9, 9, 9, 9, 9]);
    const { values, shape } = runGraph((graph, [a]) => appendAveragePool(graph, a, 2), [x]);
    expect(shape).toEqual([1, 1, 2, 1]);
    expect(Array.from(values)).toEqual([4, 4]);
  });

  it("has the gradient of its differences", () => {
    checkGradients(
      (graph, [x]) => {
        const y = appendAveragePool(graph, x, 2);
        return graph.op("mul", [y, y]);
      },
      [[2, 4, 5, 2]],
    );
  });
});
