import { describe, expect, it } from "vitest";
import { appendSoftmax } from "../../../../src-main/engine/composites/softmax.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const MASKED = -(2 ** 60);

describe("softmax", () => {
  it("weighs masked elements +0 and a fully masked row evenly", () => {
    const x = tensorOf(
      [3, 4],
      [...[0, 0, MASKED, MASKED], ...[MASKED, MASKED, MASKED, MASKED], ...[1, 2, 3, 4]],
    );
    const { values } = runGraph((graph, [a]) => appendSoftmax(graph, a, 1), [x]);
    expect(Array.from(values.slice(0, 8))).toEqual([0.5, 0.5, 0, 0, 0.25, 0.25, 0.25, 0.25]);
    const powers = [1, 2, 3, 4].map((value) => Math.exp(value));
    const total = powers.reduce((sum, value) => sum + value, 0);
    for (const [at, power] of powers.entries()) {
      expect(values[8 + at]).toBeCloseTo(power / total, 6);
    }
  });

  it("has the gradient of its differences along either axis", () => {
    for (const axis of [0, 1]) {
      checkGradients(
        (graph, [x, weights]) => graph.op("mul", [appendSoftmax(graph, x, axis), weights]),
        [
          [3, 4],
          [3, 4],
        ],
      );
    }
  });
});
