import { describe, expect, it } from "vitest";
import { compileEvaluation } from "../../../../src-main/engine/compile.ts";
import { importLayersModel } from "../../../../src-main/engine/keras/import-layers-model.ts";
import { LAYERS_MAX } from "../../../../src-main/engine/limits.ts";
import {
  functional,
  imported,
  layer,
  refused,
  sequential,
  weight,
} from "../../../generators/keras-document.ts";

const dense = (units: number, options: object = {}) => layer("Dense", { units, ...options });
const CONV = layer("Conv2D", { filters: 3, kernel_size: [3, 3], padding: "same" });

describe("importLayersModel", () => {
  it("reads a chain of layers, with what each of them may leave out", () => {
    const { model, states, notes } = imported(
      sequential(
        [8, 8, 2],
        layer("Conv2D", { filters: 4, kernel_size: 3, strides: [2, 2], activation: "relu" }),
        layer("BatchNormalization", { axis: [3], momentum: 0.9, epsilon: 0.01 }),
        layer("Activation", { activation: "swish" }),
        layer("MaxPooling2D", { pool_size: [2, 2], padding: "valid" }),
        layer("Flatten"),
        layer("Dropout", { rate: 0.25, noise_shape: null, seed: 7 }),
        dense(5, { activation: "softmax", use_bias: false, kernel_regularizer: null }),
      ),
    );
    expect(model.input).toEqual({ height: 8, width: 8, channels: 2 });
    expect(model.classes).toBe(5);
    expect(model.layers).toEqual([
      {
        type: "conv2d",
        filters: 4,
        kernel: 3,
        stride: 2,
        padding: "valid",
        activation: "relu",
      },
      { type: "batch-norm", momentum: 0.9, epsilon: 0.01 },
      { type: "activation", activation: "silu" },
      { type: "max-pool", size: 2 },
      { type: "flatten" },
      { type: "dropout", rate: 0.25 },
      { type: "dense", units: 5, bias: false, activation: "none" },
    ]);
    expect(states).toBeNull();
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain("softmax is part of the loss");
  });

  it("reads sums of two ways as residuals, within each other too", () => {
    const { model } = imported(
      functional(
        [6, 6, 3],
        [
          [{ ...CONV, config: { ...CONV.config, name: "a" } }, ["in"]],
          [layer("ReLU", { name: "b" }), ["a"]],
          [layer("Activation", { name: "c", activation: "tanh" }), ["b"]],
          [layer("Add", { name: "inner" }), ["c", "a"]],
          [layer("Add", { name: "outer" }), ["in", "inner"]],
          [layer("GlobalAveragePooling2D", { name: "d" }), ["outer"]],
        ],
        "d",
      ),
    );
    expect(model.layers).toEqual([
      {
        type: "residual",
        layers: [
          { type: "conv2d", filters: 3, kernel: 3, activation: "none" },
          {
            type: "residual",
            layers: [{ type: "relu" }, { type: "activation", activation: "tanh" }],
            shortcut: [],
          },
        ],
        shortcut: [],
      },
      { type: "global-average-pool" },
    ]);
  });

  it("reads rows as features, or as the bytes of images where a person says so", () => {
    const rows = sequential([12], dense(3));
    expect(imported(rows).model.input).toEqual({ features: 12 });
    const image = { height: 2, width: 3, channels: 2 };
    const chosen = imported(rows, { image }).model;
    expect(chosen.input).toEqual(image);
    expect(chosen.layers[0]).toEqual({ type: "flatten" });
    expect(refused(rows, null, { image: { ...image, height: 3 } })).toContain("ENGINE_KERAS_SHAPE");
    const grey = sequential([4, 3], layer("Flatten"), dense(2));
    expect(imported(grey).model.input).toEqual({ height: 4, width: 3, channels: 1 });
  });

  it("reads tables of tokens that foretell the next one", () => {
    const tokens = (units: number) =>
      sequential(
        [16],
        layer("Embedding", { input_dim: 50, output_dim: 8, mask_zero: false }),
        layer("LayerNormalization", { axis: [2] }),
        dense(units, { activation: "softmax" }),
      );
    const { model } = imported(tokens(50));
    expect(model).toMatchObject({ input: { tokens: 16 }, classes: 50 });
    expect(model.layers[0]).toEqual({ type: "embedding", width: 8, positions: "rotary" });
    expect(refused(tokens(51))).toContain("ENGINE_KERAS_SHAPE where=output given=[16, 51]");
  });

  it("puts weights where they belong, also behind the name of a model or of a cell", () => {
    const image = { height: 1, width: 2, channels: 1 };
    const topology = sequential(
      [2],
      dense(2, { name: "first" }),
      layer("BatchNormalization", { scale: false, center: false, name: "norm" }),
      dense(3, { name: "last" }),
    );
    const weights = new Map([
      ["last/bias", weight([3], 5)],
      ["last/cell/kernel", weight([2, 3], 4)],
      ["model/first/kernel", weight([2, 2], 2)],
      ["first/bias", weight([2], 3)],
      ["norm/moving_mean", weight([2], 6)],
      ["norm/moving_variance", weight([2], 7)],
    ]);
    const outcome = importLayersModel(topology, weights, { image });
    if (!outcome.ok) throw new Error(outcome.rejection.code);
    const { model, states, notes } = outcome.value;
    const program = compileEvaluation(model, 1);
    const names = program.ok ? program.value.states.map(({ name }) => name) : [];
    expect(names.map((name, at) => `${name}=${states?.[at][0]}`)).toEqual([
      "layer-1/weights=2",
      "layer-1/bias=3",
      "layer-2/gain=1",
      "layer-2/shift=0",
      "layer-2/running-mean=6",
      "layer-2/running-variance=7",
      "layer-3/weights=4",
      "layer-3/bias=5",
    ]);
    expect(notes).toEqual([
      "norm: it learns no gain and shift; here gain and shift begin neutral and are trained.",
    ]);
    const without = (name: string) => new Map([...weights].filter(([key]) => key !== name));
    expect(refused(topology, without("first/bias"))).toBe(
      "ENGINE_KERAS_WEIGHT_MISSING layer=first weight=bias",
    );
    expect(refused(topology, new Map([...weights, ["other", weight([1])]]))).toBe(
      "ENGINE_KERAS_WEIGHT_UNKNOWN weight=other",
    );
    expect(refused(topology, new Map([...weights, ["first/bias", weight([3])]]))).toBe(
      "ENGINE_KERAS_WEIGHT_SHAPE layer=first weight=bias given=3 expected=2",
    );
    expect(
      refused(
        topology,
        new Map([
          ...without("last/cell/kernel"),
          ["last/a/kernel", weight([2, 3])],
          ["last/b/kernel", weight([2, 3])],
        ]),
      ),
    ).toContain("ENGINE_KERAS_WEIGHT_MISSING");
  });

  it("reads one value with a sigmoid as two classes, the first of which has the value 0", () => {
    const yes = (options: object) =>
      sequential([3], dense(1, { activation: "sigmoid", name: "yes", ...options }));
    const weights = new Map([
      ["yes/kernel", { shape: [3, 1], values: Float32Array.of(1, 2, 3) }],
      ["yes/bias", weight([1], 4)],
    ]);
    const outcome = importLayersModel(yes({}), weights);
    if (!outcome.ok) throw new Error(outcome.rejection.code);
    const { model, states, notes } = outcome.value;
    expect(model).toMatchObject({
      classes: 2,
      layers: [{ type: "dense", units: 2, activation: "none" }],
    });
    expect(states?.map((values) => [...values])).toEqual([
      [0, 1, 0, 2, 0, 3],
      [0, 4],
    ]);
    expect(notes).toEqual([
      "yes: its one chance becomes those of two classes, the second of which it is.",
    ]);
    const wide = new Map([...weights, ["yes/kernel", weight([3, 2])]]);
    expect(refused(yes({}), wide)).toContain("weight=kernel given=3 × 2 expected=3 × 1");
    expect(refused(yes({ units: 2 }))).toContain("ends in softmax or linear");
    expect(refused(yes({ activation: "linear" }))).toContain("ENGINE_KERAS_SHAPE");
  });

  it("reads models within a model as their layers, with their weights", () => {
    const body = functional(
      [4],
      [
        [dense(4, { name: "a" }), ["in"]],
        [layer("Add", { name: "sum" }), ["a", "in"]],
      ],
      "sum",
    ) as { model_config: { config: object } };
    const config = { ...body.model_config.config, name: "body" };
    const head = { name: "head", layers: [dense(3, { name: "b" }), layer("ReLU")] };
    const outer = {
      class_name: "Sequential",
      config: {
        name: "outer",
        layers: [
          { class_name: "Functional", config },
          { class_name: "Sequential", config: head },
          dense(2, { name: "c" }),
        ],
      },
    };
    const weights = new Map([
      ["a/kernel", weight([4, 4], 1)],
      ["a/bias", weight([4], 2)],
      ["head/b/kernel", weight([4, 3], 3)],
      ["head/b/bias", weight([3], 4)],
      ["c/kernel", weight([3, 2], 5)],
      ["c/bias", weight([2], 6)],
    ]);
    const outcome = importLayersModel(outer, weights);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
    const { model, states } = outcome.value;
    expect(model.input).toEqual({ features: 4 });
    expect(model.layers.map(({ type }) => type)).toEqual(["residual", "dense", "relu", "dense"]);
    expect(states?.map(([first]) => first)).toEqual([1, 2, 3, 4, 5, 6]);
    const twice = { ...outer.config, layers: [...outer.config.layers.slice(0, 2), head] };
    expect(refused({ class_name: "Sequential", config: twice })).toContain("ENGINE_KERAS_FORM");
    const nested = Array.from({ length: 4 }).reduce<object>(
      (inner, _, at) => ({
        class_name: "Sequential",
        config: { name: `m${at}`, layers: [inner] },
      }),
      dense(2, { batch_input_shape: [null, 4] }),
    );
    const deeper = { class_name: "Sequential", config: { name: "m", layers: [nested] } };
    expect(refused(nested)).toBe("accepted");
    expect(refused(deeper)).toContain("at most 3 deep");
  });

  it("says of a division by 255 that images are divided here", () => {
    const scaled = (scale: number) =>
      sequential([4, 4, 1], layer("Rescaling", { scale }), layer("Flatten"), dense(2));
    expect(imported(scaled(1 / 255)).model.layers[0]).toEqual({ type: "flatten" });
    expect(imported(scaled(1 / 255)).notes[0]).toContain("divided by 255");
    expect(refused(scaled(1 / 127.5))).toContain("ENGINE_KERAS_OPTION layer=rescaling");
  });

  it("holds the engine's own limits", () => {
    const layers = Array.from({ length: LAYERS_MAX }, (_, at) => layer("ReLU", { name: `r${at}` }));
    expect(refused(sequential([4], dense(4), ...layers, dense(2, { name: "last" })))).toContain(
      "ENGINE_MODEL_VALUE",
    );
    expect(refused(sequential([4], dense(70_000)))).toContain("ENGINE_KERAS_OPTION");
    expect(refused(sequential([4], dense(300)))).toContain("ENGINE_KERAS_SHAPE");
    expect(refused(sequential([4], dense(1)))).toContain("of two classes one may end in a sigmoid");
  });
});
