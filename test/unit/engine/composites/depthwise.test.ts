import { describe, expect, it } from "vitest";
import { checkRandom } from "../../../../src-main/adapters/native-engine/check-random.ts";
import { appendDepthwise } from "../../../../src-main/engine/composites/depthwise.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const numbers = (count: number, seed: number) => {
  const random = checkRandom(seed);
  return Array.from({ length: count }, () => Math.fround((random.below(2_001) - 1_000) / 331));
};

describe("depthwise convolution", () => {
  it.each([
    [3, 1, 1],
    [3, 2, 2],
    [2, 3, 3],
    [1, 1, 2],
  ])("of %i × %i windows, stride %i, is near the sum of its products", (size, stride, filters) => {
    const [height, width, channels] = [7, 6, 3];
    const x = numbers(2 * height * width * channels, 1);
    const w = numbers(size * size * channels * filters, 2);
    const { values, shape } = runGraph(
      (graph, [a, b]) => appendDepthwise(graph, a, b, stride),
      [tensorOf([2, height, width, channels], x), tensorOf([size, size, channels, filters], w)],
    );
    const [high, wide] = [height, width].map((side) => Math.floor((side - size) / stride) + 1);
    expect(shape).toEqual([2, high, wide, channels * filters]);
    for (const [at, value] of values.entries()) {
      const filter = at % filters;
      const channel = Math.floor(at / filters) % channels;
      const pixel = Math.floor(at / (filters * channels));
      const column = (pixel % wide) * stride;
      const row = (Math.floor(pixel / wide) % high) * stride;
      const first = Math.floor(pixel / (wide * high)) * height;
      let [sum, magnitude] = [0, 0];
      for (let i = 0; i < size; i += 1) {
        for (let j = 0; j < size; j += 1) {
          const left = x[((first + row + i) * width + column + j) * channels + channel];
          const product = left * w[((i * size + j) * channels + channel) * filters + filter];
          [sum, magnitude] = [sum + product, magnitude + Math.abs(product)];
        }
      }
      expect(Math.abs(value - sum)).toBeLessThanOrEqual((size * size + 2) * magnitude * 2 ** -24);
    }
  });

  it("has the gradient of its differences, of the image and of the filters", () => {
    checkGradients(
      (graph, [x, w]) => {
        const y = appendDepthwise(graph, x, w, 2);
        return graph.op("mul", [y, y]);
      },
      [
        [2, 5, 4, 2],
        [3, 3, 2, 2],
      ],
    );
  });
});
