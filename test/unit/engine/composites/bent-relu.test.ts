import { describe, expect, it } from "vitest";
import { appendLeakyRelu, appendRelu6 } from "../../../../src-main/engine/composites/bent-relu.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const X = [-1e9, -7, -1e-9, 0, 1e-9, 0.1, 1 / 3, 2.9999, 3, 4.7, 6, 6.000001, 7, 1e15].map(
  Math.fround,
);

describe("relu up to 6", () => {
  it("is exact from 3 on and within 2^-22 below", () => {
    const { values } = runGraph((graph, [x]) => appendRelu6(graph, x), [tensorOf([14], X)]);
    for (const [at, x] of X.entries()) {
      const expected = Math.min(Math.max(x, 0), 6);
      const bound = x >= 3 || x <= 0 ? 0 : 2 ** -22;
      expect(Math.abs(values[at] - expected)).toBeLessThanOrEqual(bound);
    }
  });

  it("has a slope of 1 between 0 and 6 only", () => {
    // The states of the check are about 1 to 2; times 5 some are above 6, minus 8 some below 0.
    for (const [factor, shift] of [
      [1, 0],
      [5, 0],
      [5, 8],
    ]) {
      checkGradients(
        (graph, [x]) => {
          const moved = graph.op("sub", [
            graph.op("mul", [x, graph.filled(factor, [1, 1])]),
            graph.filled(shift, [1, 1]),
          ]);
          return appendRelu6(graph, moved);
        },
        [[3, 4]],
      );
    }
  });
});

describe("relu that leaks", () => {
  it("rounds the product with its slope and nothing else", () => {
    const { values } = runGraph(
      (graph, [x]) => appendLeakyRelu(graph, x, 0.3),
      [tensorOf([14], X)],
    );
    const slope = Math.fround(0.3);
    const expected = X.map((x) => (x > 0 ? x : Math.fround(slope * x) + 0));
    expect(Array.from(values)).toEqual(expected);
  });

  it("has the gradient of its differences on both sides", () => {
    checkGradients(
      (graph, [x]) => {
        const y = appendLeakyRelu(graph, graph.op("sub", [x, graph.filled(1.5, [1, 1])]), 0.25);
        return graph.op("mul", [y, y]);
      },
      [[3, 4]],
    );
  });
});
