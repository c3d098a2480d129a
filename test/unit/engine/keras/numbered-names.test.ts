import { describe, expect, it } from "vitest";
import { importLayersModel } from "../../../../src-main/engine/keras/import-layers-model.ts";
import { snakeCase } from "../../../../src-main/engine/keras/numbered-names.ts";
import { layer, refused, sequential, weight } from "../../../generators/keras-document.ts";

const dense = (name: string, units: number) => layer("Dense", { name, units });

/** Three layers of two classes, under the names of a file. */
const model = (first: string, norm: string, last: string) =>
  sequential(
    [2],
    dense(first, 2),
    layer("BatchNormalization", { name: norm, scale: false }),
    dense(last, 2),
  );

/** Weights that tell by their number where they were put. */
const weightsOf = (names: readonly string[]) =>
  new Map(
    names.map((name, at) => {
      const isKernel = name.includes("dense") && name.endsWith("/0");
      return [name, weight(isKernel ? [2, 2] : [2], at + 1)];
    }),
  );

const BY_CLASS = [
  "layers/dense/vars/0",
  "layers/dense/vars/1",
  "layers/batch_normalization/vars/0",
  "layers/batch_normalization/vars/1",
  "layers/batch_normalization/vars/2",
  "layers/dense_1/vars/0",
  "layers/dense_1/vars/1",
];

/** First numbers of the states: weights, bias, gain, shift, mean, variance, weights, bias. */
function put(topology: unknown, names: readonly string[]): string {
  const outcome = importLayersModel(topology, weightsOf(names));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value.states?.map(([first]) => first).join(" ") ?? "";
}

describe("weights that are numbered", () => {
  it("are found by their layer's class and place, whatever it is called", () => {
    expect(put(model("dense", "batch_normalization", "dense_1"), BY_CLASS)).toBe("1 2 1 3 4 5 6 7");
    expect(put(model("begin", "norm", "end"), BY_CLASS)).toBe("1 2 1 3 4 5 6 7");
    expect(put(model("dense_7", "batch_normalization_3", "dense_8"), BY_CLASS)).toBe(
      "1 2 1 3 4 5 6 7",
    );
    const before = BY_CLASS.map((name) => name.replace("layers", "_layer_checkpoint_dependencies"));
    expect(put(model("begin", "norm", "end"), before)).toBe("1 2 1 3 4 5 6 7");
  });

  it("are found by their layer's name where it is that", () => {
    const named = BY_CLASS.map((name) =>
      name.replace("/dense/", "/dense_x/").replace("batch_normalization", "norm"),
    );
    expect(put(model("dense_x", "norm", "dense_1"), named)).toBe("1 2 1 3 4 5 6 7");
  });

  it("are refused where class and name mean different layers", () => {
    const topology = model("dense_1", "batch_normalization", "dense");
    const refusal = refused(topology, weightsOf(BY_CLASS));
    expect(refusal).toContain("ENGINE_KERAS_FORM where=weightsManifest given=layers/dense/vars/0");
    const twice = [...BY_CLASS, "layers/sequential/layers/dense/vars/0"];
    expect(refused(topology, weightsOf(twice))).toContain("names that tell layers apart");
  });

  it("are refused where one lacks or is left over", () => {
    const topology = model("a", "b", "c");
    const without = BY_CLASS.filter((name) => name !== "layers/dense_1/vars/1");
    expect(refused(topology, weightsOf(without))).toBe(
      "ENGINE_KERAS_WEIGHT_MISSING layer=c weight=bias",
    );
    const more = [...BY_CLASS, "layers/dense_2/vars/0"];
    expect(refused(topology, weightsOf(more))).toBe(
      "ENGINE_KERAS_WEIGHT_UNKNOWN weight=layers/dense_2/vars/0",
    );
  });

  it("know a class as Keras writes it in a file's name", () => {
    expect(
      ["Dense", "Conv2D", "DepthwiseConv2D", "BatchNormalization", "ReLU"].map(snakeCase),
    ).toEqual(["dense", "conv2d", "depthwise_conv2d", "batch_normalization", "re_lu"]);
  });
});
