import { describe, expect, it } from "vitest";
import {
  appendAveragePool,
  appendAveragePoolOver,
} from "../../../../src-main/engine/composites/average-pool.ts";
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

  it("takes windows that overlap, and counts only pixels of the image at its edges", () => {
    const x = tensorOf([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const inner = runGraph(
      (graph, [a]) => appendAveragePoolOver(graph, a, { size: 2, stride: 1 }),
      [x],
    );
    expect(Array.from(inner.values)).toEqual([3, 4, 6, 7]);
    const around = [
      [1, 1],
      [1, 1],
    ] as const;
    const edges = runGraph(
      (graph, [a]) => appendAveragePoolOver(graph, a, { size: 3, stride: 2 }, around),
      [x],
    );
    expect(Array.from(edges.values)).toEqual([3, 4, 6, 7]);
  });

  it("of windows that overlap has the gradient of its differences", () => {
    const around = [
      [1, 1],
      [0, 1],
    ] as const;
    checkGradients(
      (graph, [x]) => {
        const y = appendAveragePoolOver(graph, x, { size: 3, stride: 2 }, around);
        return graph.op("mul", [y, y]);
      },
      [[2, 4, 5, 2]],
    );
  });
});
