import { describe, expect, it } from "vitest";
import {
  appendGlobalMaxPool,
  appendMaxPool,
} from "../../../../src-main/engine/composites/max-pool-over.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const NEGATIVE = tensorOf([1, 3, 3, 1], [-9, -8, -7, -6, -5, -4, -3, -2, -1]);

describe("max pool over any windows", () => {
  it("takes the maximum of windows that overlap", () => {
    const { values, shape } = runGraph(
      (graph, [x]) => appendMaxPool(graph, x, { size: 2, stride: 1 }),
      [NEGATIVE],
    );
    expect(shape).toEqual([1, 2, 2, 1]);
    expect(Array.from(values)).toEqual([-5, -4, -2, -1]);
  });

  it("never takes what lies outside, though all of the image is below 0", () => {
    const around = [
      [1, 1],
      [1, 1],
    ] as const;
    const { values } = runGraph(
      (graph, [x]) => appendMaxPool(graph, x, { size: 3, stride: 2 }, around),
      [NEGATIVE],
    );
    expect(Array.from(values)).toEqual([-5, -4, -2, -1]);
    expect(
      Array.from(runGraph((graph, [x]) => appendGlobalMaxPool(graph, x), [NEGATIVE]).values),
    ).toEqual([-1]);
  });

  it("takes the maximum of each channel of images that are no squares", () => {
    const x = tensorOf([2, 1, 3, 2], [-1, 5, -3, 4, -2, 6, 1, 0, 2, 0, 3, -7]);
    const { values, shape } = runGraph((graph, [a]) => appendGlobalMaxPool(graph, a), [x]);
    expect(shape).toEqual([2, 2]);
    expect(Array.from(values)).toEqual([-1, 6, 3, 0]);
  });

  it("has the gradient of its differences", () => {
    const around = [
      [0, 1],
      [1, 1],
    ] as const;
    checkGradients(
      (graph, [x]) => {
        const y = appendMaxPool(graph, x, { size: 3, stride: 2 }, around);
        return graph.op("mul", [y, y]);
      },
      [[2, 6, 5, 2]],
    );
  });
});
