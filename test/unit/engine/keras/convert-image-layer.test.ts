import { describe, expect, it } from "vitest";
import { importLayersModel } from "../../../../src-main/engine/keras/import-layers-model.ts";
import {
  imported,
  layer,
  refused,
  sequential,
  weight,
} from "../../../generators/keras-document.ts";
import type { DocumentLayer } from "../../../generators/keras-document.ts";

const END = [layer("Flatten"), layer("Dense", { units: 2, name: "end" })];

/** What one layer over images of 6 × 5 × 2 becomes. */
const read = (given: DocumentLayer) =>
  imported(sequential([6, 5, 2], given, ...END))
    .model.layers.slice(0, -1)
    .filter(({ type }) => type !== "flatten");

const refusal = (given: DocumentLayer) => refused(sequential([6, 5, 2], given, ...END));

describe("the conversion of a layer over images", () => {
  it("reads edges as one number, two, or two pairs: rows first, before before after", () => {
    const pad = (padding: unknown) => read(layer("ZeroPadding2D", { padding }))[0];
    expect(pad(2)).toEqual({ type: "zero-pad", rows: [2, 2], columns: [2, 2] });
    expect(pad([1, 3])).toEqual({ type: "zero-pad", rows: [1, 1], columns: [3, 3] });
    const four = [
      [1, 2],
      [3, 4],
    ];
    expect(pad(four)).toEqual({ type: "zero-pad", rows: [1, 2], columns: [3, 4] });
    expect(read(layer("ZeroPadding2D"))[0]).toMatchObject({ rows: [1, 1], columns: [1, 1] });
    expect(read(layer("ZeroPadding2D", { padding: 0 }))).toEqual([]);
    expect(read(layer("Cropping2D"))).toEqual([]);
    const crop = layer("Cropping2D", { cropping: [[1, 0], 2] });
    expect(read(crop)[0]).toEqual({ type: "crop", rows: [1, 0], columns: [2, 2] });
    for (const padding of [-1, "1", [1], [1, 2, 3], [[1, 2, 3], 1], [[1], 1], 1.5, 5_000]) {
      expect(refusal(layer("ZeroPadding2D", { padding }))).toContain("option=padding ");
    }
    expect(refusal(layer("Cropping2D", { cropping: 3 }))).toContain("smaller than the window");
    const first = layer("ZeroPadding2D", { data_format: "channels_first" });
    expect(refusal(first)).toContain("option=data_format");
  });

  it("reads pools whose windows overlap, leave gaps or reach over the edges", () => {
    const pool = (options: Readonly<Record<string, unknown>>) =>
      read(layer("MaxPooling2D", options))[0];
    expect(pool({ pool_size: 3, strides: 2 })).toEqual({ type: "max-pool", size: 3, stride: 2 });
    expect(pool({ pool_size: 2, strides: 3 })).toEqual({ type: "max-pool", size: 2, stride: 3 });
    expect(pool({ pool_size: 2, padding: "same" })).toEqual({
      type: "max-pool",
      size: 2,
      padding: "same",
    });
    const mean = layer("AveragePooling2D", { pool_size: [3, 3], strides: 1, padding: "same" });
    expect(read(mean)[0]).toEqual({ type: "average-pool", size: 3, stride: 1, padding: "same" });
    expect(read(layer("MaxPooling2D", { pool_size: 1, strides: 1 }))).toEqual([]);
    expect(pool({ pool_size: 1, strides: 2 })).toEqual({ type: "max-pool", size: 1, stride: 2 });
    expect(refusal(layer("MaxPooling2D", { pool_size: 40, strides: 2 }))).toContain("overlap");
  });

  it("reads means and maxima of whole images, with their axes kept where they are", () => {
    expect(read(layer("GlobalMaxPooling2D"))).toEqual([{ type: "global-max-pool" }]);
    expect(read(layer("GlobalAveragePooling2D", { keepdims: true }))).toEqual([
      { type: "global-average-pool" },
      { type: "reshape", shape: [1, 1, 2] },
    ]);
  });

  it("puts the weights of separable and depthwise convolutions where they belong", () => {
    const topology = sequential(
      [6, 5, 2],
      layer("SeparableConv2D", { kernel_size: 3, filters: 4, depth_multiplier: 2, name: "s" }),
      layer("DepthwiseConv2D", { kernel_size: [2, 2], padding: "same", name: "d", filters: 3 }),
      ...END,
    );
    const weights = new Map([
      ["s/depthwise_kernel", weight([3, 3, 2, 2], 1)],
      ["s/pointwise_kernel", weight([1, 1, 4, 4], 2)],
      ["s/bias", weight([4], 3)],
      ["d/kernel", weight([2, 2, 4, 1], 4)],
      ["d/bias", weight([4], 5)],
      ["end/kernel", weight([48, 2], 6)],
      ["end/bias", weight([2], 7)],
    ]);
    const outcome = importLayersModel(topology, weights);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
    expect(outcome.value.model.layers.slice(0, 3)).toEqual([
      {
        type: "depthwise-conv2d",
        kernel: 3,
        padding: "valid",
        multiplier: 2,
        bias: false,
        activation: "none",
      },
      { type: "conv2d", filters: 4, kernel: 1, activation: "none" },
      { type: "depthwise-conv2d", kernel: 2, activation: "none" },
    ]);
    expect(outcome.value.states?.map(([first]) => first)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const without = (name: string) => new Map([...weights].filter(([key]) => key !== name));
    for (const name of ["s/pointwise_kernel", "s/depthwise_kernel", "s/bias", "d/bias"]) {
      const [, last] = name.split("/");
      expect(refused(topology, without(name))).toContain(`WEIGHT_MISSING layer=${name[0]}`);
      expect(refused(topology, without(name))).toContain(`weight=${last}`);
    }
    expect(refused(topology, without("d/kernel"))).toContain("weight=depthwise_kernel");
  });
});
