import { describe, expect, it } from "vitest";
import { appendRotary } from "../../../../src-main/engine/composites/rotary.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

describe("rotary positions", () => {
  it("turn each pair by its position times its speed", () => {
    const [positions, width] = [50, 6];
    const x = tensorOf(
      [1, positions, width],
      Array.from({ length: positions * width }, (_, at) => ((at * 7) % 11) - 5),
    );
    const { values } = runGraph((graph, [a]) => appendRotary(graph, a), [x]);
    for (let t = 0; t < positions; t += 1) {
      for (let i = 0; i < 3; i += 1) {
        const angle = t * 10_000 ** ((-2 * i) / width);
        const [a, b] = [x.values[t * width + i], x.values[t * width + 3 + i]];
        const left = a * Math.cos(angle) - b * Math.sin(angle);
        const right = b * Math.cos(angle) + a * Math.sin(angle);
        expect(Math.abs(values[t * width + i] - left)).toBeLessThan(3e-5);
        expect(Math.abs(values[t * width + 3 + i] - right)).toBeLessThan(3e-5);
      }
    }
  });

  it("have the gradient of their differences", () => {
    checkGradients(
      (graph, [x, weights]) => graph.op("mul", [appendRotary(graph, x), weights]),
      [
        [1, 3, 4],
        [1, 3, 4],
      ],
    );
  });
});
