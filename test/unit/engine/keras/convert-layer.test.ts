import { describe, expect, it } from "vitest";
import { imported, layer, refused, sequential } from "../../../generators/keras-document.ts";
import type { DocumentLayer } from "../../../generators/keras-document.ts";

const END = [layer("Flatten"), layer("Dense", { units: 2, name: "end" })];

/** The refusal of one layer over images of 6 × 6 × 2, before what makes a classifier of it. */
const alone = (given: DocumentLayer) => refused(sequential([6, 6, 2], given, ...END));

const conv = (options: object) =>
  layer("Conv2D", { filters: 2, kernel_size: [3, 3], name: "conv", ...options });

const OPTIONS: readonly (readonly [string, DocumentLayer])[] = [
  ["dilation_rate", conv({ dilation_rate: [2, 2] })],
  ["groups", conv({ groups: 2 })],
  ["padding", conv({ padding: "causal" })],
  ["data_format", conv({ data_format: "channels_first" })],
  ["kernel_size", conv({ kernel_size: [3, 5] })],
  ["strides", conv({ strides: [1, 2] })],
  ["filters", conv({ filters: 1e9 })],
  ["filters", conv({ filters: Number.NaN })],
  ["use_bias", conv({ use_bias: "yes" })],
  ["unheard_of", conv({ unheard_of: 3 })],
  ["__proto__", conv(JSON.parse('{"__proto__": {"filters": 3}}') as object)],
  ["strides", layer("MaxPooling2D", { pool_size: [3, 3], strides: [2, 1], name: "pool" })],
  ["padding", layer("AveragePooling2D", { pool_size: 4, padding: "full", name: "pool" })],
  ["keepdims", layer("GlobalAveragePooling2D", { keepdims: 1 })],
  ["alpha", layer("LeakyReLU", { alpha: -1 })],
  ["axis", layer("BatchNormalization", { axis: 1 })],
  ["momentum", layer("BatchNormalization", { momentum: 1 })],
  ["epsilon", layer("LayerNormalization", { epsilon: 0 })],
  ["axis", layer("LayerNormalization", { axis: [1, 2] })],
  ["rate", layer("Dropout", { rate: 0.99 })],
  ["noise_shape", layer("Dropout", { rate: 0.5, noise_shape: [1] })],
  ["max_value", layer("ReLU", { max_value: 5 })],
  ["max_value", layer("ReLU", { max_value: 6, negative_slope: 0.2 })],
  ["negative_slope", layer("ReLU", { negative_slope: 2 })],
  ["threshold", layer("ReLU", { threshold: 1 })],
  ["target_shape", layer("Reshape", { target_shape: [5, -1] })],
  ["target_shape", layer("Reshape", { target_shape: [-1, -1] })],
  ["target_shape", layer("Reshape", { target_shape: [1, 2, 3, 12] })],
  ["target_shape", layer("Reshape", { target_shape: ["72"] })],
];

const KINDS: readonly (readonly [string, string])[] = [
  ["LSTM", "without memory"],
  ["Conv1D", "2D layer"],
  ["Conv2DTranspose", "images do not grow"],
  ["UpSampling2D", "images do not grow"],
  ["SpatialDropout2D", "use Dropout"],
  ["ELU", "use ReLU"],
  ["Normalization", "prepare the data"],
  ["MultiHeadAttention", "transformer-block"],
  ["Multiply", "join values by Add or Concatenate"],
  ["GroupNormalization", "BatchNormalization"],
  ["Lambda", "code cannot be read"],
  ["Mystery", "build it from Dense"],
  ["constructor", "build it from Dense"],
];

describe("the conversion of a layer", () => {
  it.each(OPTIONS)("refuses the option %s, with layer, value and rule", (option, given) => {
    const refusal = alone(given);
    expect(refusal).toContain(`ENGINE_KERAS_OPTION layer=${String(given.config["name"])}`);
    expect(refusal).toContain(`option=${option} `);
    expect(refusal).toMatch(/ rule=./);
  });

  it.each(KINDS)("refuses a layer %s and says what to do instead", (kind, instead) => {
    const refusal = alone(layer(kind, { name: "it" }));
    expect(refusal).toContain(`ENGINE_KERAS_LAYER layer=it kind=${kind} instead=`);
    expect(refusal).toContain(instead);
  });

  it("refuses activations it does not have, and softmax but at the end", () => {
    const activation = (name: unknown) =>
      alone(layer("Activation", { activation: name, name: "act" }));
    for (const name of ["elu", "gelu_new", "softmax", 3, { class_name: "x" }]) {
      expect(activation(name)).toContain("ENGINE_KERAS_ACTIVATION layer=act");
    }
    expect(activation("linear")).toBe("accepted");
    expect(activation({ class_name: "function", config: "relu", module: "builtins" })).toBe(
      "accepted",
    );
    expect(activation({ class_name: "function", config: "mine" })).toContain("_ACTIVATION");
    expect(alone(layer("Softmax", { axis: -1 }))).toContain("at the model's end only");
    const ends = (last: string) =>
      refused(sequential([4], layer("Dense", { units: 3, activation: last })));
    expect(ends("softmax")).toBe("accepted");
    expect(ends("sigmoid")).toContain("ends in softmax or linear");
    expect(ends("relu")).toContain("ENGINE_KERAS_ACTIVATION");
  });

  it("reads what bends below 0 and what is capped at 6", () => {
    const read = (given: DocumentLayer) => imported(sequential([6, 6, 2], given, ...END)).model;
    const first = (given: DocumentLayer) => read(given).layers[0];
    expect(first(layer("LeakyReLU"))).toEqual({ type: "leaky-relu", slope: 0.3 });
    expect(first(layer("LeakyReLU", { alpha: 0.1 }))).toEqual({ type: "leaky-relu", slope: 0.1 });
    const three = layer("LeakyReLU", { negative_slope: 0.25 });
    expect(first(three)).toEqual({ type: "leaky-relu", slope: 0.25 });
    const bent = layer("ReLU", { negative_slope: 0.2, max_value: null });
    expect(first(bent)).toEqual({ type: "leaky-relu", slope: 0.2 });
    const capped = { type: "activation", activation: "relu6" };
    expect(first(layer("ReLU", { max_value: 6 }))).toEqual(capped);
    expect(first(layer("Activation", { activation: "relu6" }))).toEqual(capped);
  });

  it("leaves out what works only while training, and says so", () => {
    const { model, notes } = imported(
      sequential([6, 6, 2], layer("RandomFlip", { mode: "horizontal", name: "flip" }), ...END),
    );
    expect(model.layers.map(({ type }) => type)).toEqual(["flatten", "dense"]);
    expect(notes).toEqual([
      "flip: a RandomFlip works only while training there; here it is left out.",
    ]);
  });

  it("refuses layers over values of another form", () => {
    expect(refused(sequential([6, 6, 2], layer("Dense", { units: 2 })))).toContain(
      "ENGINE_KERAS_GRAPH layer=dense rule=takes vectors",
    );
    expect(refused(sequential([6], conv({})))).toContain("takes images");
    expect(refused(sequential([2, 2, 1], conv({}), ...END))).toContain("smaller than the window");
  });

  it("leaves out what changes nothing", () => {
    const { model } = imported(
      sequential(
        [4],
        layer("Dropout", { rate: 0 }),
        layer("Flatten"),
        layer("Activation", { activation: "linear" }),
        layer("Dense", { units: 2 }),
        layer("Softmax"),
      ),
    );
    expect(model.layers).toEqual([{ type: "dense", units: 2, activation: "none" }]);
    const whole = sequential(
      [4, 4, 1],
      layer("AveragePooling2D", { pool_size: [2, 2], strides: null, padding: "same" }),
      layer("Reshape", { target_shape: [-1] }),
      layer("Dense", { units: 2, trainable: false, kernel_regularizer: { class_name: "L2" } }),
    );
    expect(imported(whole).model.layers.slice(0, 2)).toEqual([
      { type: "average-pool", size: 2 },
      { type: "reshape", shape: [4] },
    ]);
    expect(imported(whole).notes).toEqual([
      "dense: held fixed there; here they are trained.",
      "dense: regularisers and constraints are left out here.",
    ]);
  });
});
