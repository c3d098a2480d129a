import { describe, expect, it } from "vitest";
import { appendGlobalAveragePool } from "../../../../src-main/engine/composites/global-pool.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

describe("global average pool", () => {
  it("takes the mean of each channel over its image", () => {
    const x = tensorOf([2, 2, 1, 2], [1, 10, 3, 30, 5, 50, 6, 70]);
    const { values, shape } = runGraph((graph, [a]) => appendGlobalAveragePool(graph, a), [x]);
    expect(shape).toEqual([2, 2]);
    expect(Array.from(values)).toEqual([2, 20, 5.5, 60]);
  });

  it("has the gradient of its differences", () => {
    checkGradients(
      (graph, [x]) => {
        const y = appendGlobalAveragePool(graph, x);
        return graph.op("mul", [y, y]);
      },
      [[2, 3, 2, 2]],
    );
  });
});
