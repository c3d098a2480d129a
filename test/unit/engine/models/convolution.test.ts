import { describe, expect, it } from "vitest";
import { appendConvolution } from "../../../../src-main/engine/models/convolution.ts";
import type { Conv2dLayer } from "../../../../src-main/engine/models/model-config.ts";
import { ModelWriter } from "../../../../src-main/engine/models/model-writer.ts";
import { GraphStop } from "../../../../src-main/engine/program/builder.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const LAYER: Conv2dLayer = { type: "conv2d", filters: 1, kernel: 2, activation: "none" };

/** A window of ones over an image of one channel: sums of its windows. */
function windowSums(height: number, width: number, layer: Conv2dLayer) {
  const pixels = Array.from({ length: height * width }, (_, at) => 10 ** at);
  const ones = Array.from({ length: layer.kernel ** 2 }, () => 1);
  const image = tensorOf([1, height, width, 1], pixels);
  const filter = tensorOf([layer.kernel, layer.kernel, 1, 1], ones);
  return runGraph(
    (builder, [x, w]) => {
      const writer = new ModelWriter(builder, { profile: 0, isTraining: true });
      return appendConvolution(writer, x, w, layer, 0);
    },
    [image, filter],
  );
}

describe("the convolution of a model", () => {
  it("puts an odd zero after the image, as TensorFlow does", () => {
    const { shape, values } = windowSums(1, 3, LAYER);
    expect(shape).toEqual([1, 1, 3, 1]);
    expect(Array.from(values)).toEqual([11, 110, 100]);
  });

  it("divides the image by the stride, rounded up", () => {
    const { shape, values } = windowSums(1, 3, { ...LAYER, stride: 2 });
    expect(shape).toEqual([1, 1, 2, 1]);
    expect(Array.from(values)).toEqual([11, 100]);
    expect(windowSums(4, 5, { ...LAYER, kernel: 3, stride: 3 }).shape).toEqual([1, 2, 2, 1]);
  });

  it("adds nothing where it is valid, and refuses an image below its window", () => {
    const valid = { ...LAYER, padding: "valid" } as const;
    expect(Array.from(windowSums(2, 2, valid).values)).toEqual([1111]);
    expect(() => windowSums(1, 2, valid)).toThrow(GraphStop);
  });
});
