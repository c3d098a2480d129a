import { describe, expect, it } from "vitest";
import {
  functional,
  imported,
  layer,
  refused,
  sequential,
} from "../../../generators/keras-document.ts";

const DENSE = layer("Dense", { units: 2, name: "d" });
const relu = (name: string) => layer("ReLU", { name });
const add = (name: string) => layer("Add", { name });

/** A functional model over rows of two numbers. */
const graph = (entries: Parameters<typeof functional>[1], output = "d") =>
  refused(functional([2], entries, output));

/** The same document with other settings of its graph. */
function changed(change: object, layers?: (list: Record<string, unknown>[]) => unknown): string {
  const document = functional([2], [[DENSE, ["in"]]], "d") as {
    model_config: { config: { layers: Record<string, unknown>[] } };
  };
  const { config } = document.model_config;
  return refused({
    class_name: "Model",
    config: { ...config, ...change, ...(layers ? { layers: layers(config.layers) } : {}) },
  });
}

describe("a topology", () => {
  it("is read as TensorFlow.js and Keras write it", () => {
    expect(graph([[DENSE, ["in"]]])).toBe("accepted");
    expect(changed({ input_layers: ["in", 0, 0], output_layers: ["d", 0, 0] })).toBe("accepted");
    const old = {
      class_name: "Sequential",
      config: [layer("Dense", { units: 2, batch_shape: [null, 3] })],
    };
    expect(imported(old).model.input).toEqual({ features: 3 });
    const start = layer("InputLayer", { batch_shape: [null, 3] });
    const begun = { class_name: "Sequential", config: { layers: [start, DENSE] } };
    expect(imported({ keras_version: "2.15.0", model_config: begun }).model.classes).toBe(2);
  });

  it("is read as Keras 3 writes it, whose Sequential may say its input beside its layers", () => {
    const dense = { module: "keras.layers", class_name: "Dense", registered_name: null };
    const policy = { module: "keras", class_name: "DTypePolicy", config: { name: "float32" } };
    const last = { ...dense, config: { name: "d", units: 2, dtype: policy } };
    const config = { name: "m", dtype: policy, layers: [last], build_input_shape: [null, 3] };
    expect(imported({ class_name: "Sequential", module: "keras", config }).model.input).toEqual({
      features: 3,
    });
    const start = {
      class_name: "InputLayer",
      config: { batch_shape: [null, 5], dtype: "float32", name: "i" },
    };
    const begun = { ...config, layers: [{ ...start, module: "keras.layers" }, last] };
    expect(imported({ class_name: "Sequential", config: begun }).model.input).toEqual({
      features: 5,
    });
  });

  it("is refused where it is no topology at all", () => {
    for (const topology of [undefined, null, 3, "x", [], {}, { class_name: 3 }]) {
      expect(refused(topology)).toContain("ENGINE_KERAS_FORM where=");
    }
    expect(refused({ class_name: "Other", config: {} })).toContain("given=Other");
    expect(refused({ class_name: "Sequential", config: { layers: [] } })).toContain(
      "ENGINE_KERAS_GRAPH",
    );
    expect(
      refused({ class_name: "Sequential", config: { layers: [{ class_name: "Dense" }] } }),
    ).toContain("where=layers[0].name");
    expect(refused({ node: [] })).toContain("ENGINE_KERAS_FORMAT");
    const many = Array.from({ length: 1_025 }, () => DENSE);
    expect(refused({ class_name: "Sequential", config: many })).toContain("ENGINE_KERAS_LIMIT");
    expect(refused(sequential([2], layer("ReLU"), layer("ReLU")))).toContain(
      "a name for one layer",
    );
  });

  it("is refused where its input is open or too large", () => {
    const shape = (...dims: unknown[]) => refused(sequential(dims, DENSE));
    expect(shape(4)).toBe("accepted");
    for (const dims of [[null], [0], [1.5], ["4"], [1e9], [1, 2, 3, 4], [], [4, 4]]) {
      expect(shape(...dims)).toContain("ENGINE_KERAS_SHAPE where=input");
    }
    expect(shape(5_000, 2, 2)).toContain("sides up to");
    const tokens = layer("Embedding", { input_dim: 4, output_dim: 2 });
    expect(refused(sequential([9_000], tokens))).toContain("at most 8192 tokens");
  });

  it("is refused where layers are used twice, take arguments, or follow several inputs", () => {
    const inbound = (nodes: unknown) =>
      changed({}, ([start, last]) => [start, { ...last, inbound_nodes: nodes }]);
    expect(inbound([[["in", 0, 0]]])).toBe("accepted");
    expect(inbound([[["in", 0, 0, { training: null }]]])).toBe("accepted");
    expect(inbound([[["in", 0, 0, { training: true }]]])).toContain(
      "with a value and nothing else",
    );
    expect(inbound([[["in", 1, 0, {}]]])).toContain("used once");
    expect(inbound([[["in", 0, 0]], [["in", 0, 0]]])).toContain("used exactly once");
    expect(inbound([[["nowhere", 0, 0]]])).toContain("its input exists: nowhere");
    expect(inbound([{ args: [], kwargs: {} }])).toContain("ENGINE_KERAS_FORM");
    expect(inbound([[[3, 0, 0]]])).toContain("as Keras or TensorFlow.js write them");
    expect(inbound([])).toContain("ENGINE_KERAS_GRAPH");
    expect(
      changed({
        output_layers: [
          ["d", 0, 0],
          ["in", 0, 0],
        ],
      }),
    ).toContain("exactly one output");
    expect(changed({ input_layers: [] })).toContain("exactly one input");
    expect(changed({ input_layers: [["d", 0, 0]] })).toContain("one InputLayer");
  });
});

describe("the joins of a topology", () => {
  it("are refused where no Add joins two ways from one value", () => {
    expect(
      graph([
        [relu("a"), ["in"]],
        [relu("b"), ["in"]],
        [DENSE, ["a"]],
      ]),
    ).toContain("one Add joins again");
    expect(
      graph([
        [relu("a"), ["in"]],
        [add("s"), ["a", "a"]],
        [DENSE, ["s"]],
      ]),
    ).toContain("ENGINE_KERAS_GRAPH layer=a");
    expect(
      graph([
        [relu("a"), ["in"]],
        [relu("b"), ["in"]],
        [relu("c"), ["in"]],
        [add("s"), ["a", "b", "c"]],
        [DENSE, ["s"]],
      ]),
    ).toContain("ENGINE_KERAS_GRAPH layer=s rule=an Add joins two ways");
    expect(
      graph([
        [relu("a"), ["in"]],
        [layer("Multiply", { name: "m" }), ["a", "in"]],
        [DENSE, ["m"]],
      ]),
    ).toContain("ENGINE_KERAS_LAYER layer=m kind=Multiply");
    expect(
      graph([
        [add("s"), ["in"]],
        [DENSE, ["s"]],
      ]),
    ).toContain("takes two ways from one value");
    expect(
      graph([
        [layer("Dense", { units: 3, name: "w" }), ["in"]],
        [add("s"), ["w", "in"]],
        [DENSE, ["s"]],
      ]),
    ).toContain("both sides are alike: 3 and 2");
  });

  it("are read side by side, in the order in which the join takes them", () => {
    const dense = (name: string, units: number) => layer("Dense", { name, units });
    const branches = (order: readonly string[], axis: number) =>
      imported(
        functional(
          [2],
          [
            [dense("a", 3), ["in"]],
            [dense("b", 4), ["in"]],
            [layer("Concatenate", { name: "s", axis }), order],
            [DENSE, ["s"]],
          ],
          "d",
        ),
      ).model.layers[0];
    const [three, four] = [3, 4].map((units) => ({ type: "dense", units, activation: "none" }));
    expect(branches(["a", "b", "in"], -1)).toEqual({
      type: "concat",
      branches: [[three], [four], []],
    });
    expect(branches(["in", "b", "a"], 1)).toEqual({
      type: "concat",
      branches: [[], [four], [three]],
    });
    expect(() => branches(["a", "b", "in"], 0)).toThrow("the last axis");
  });

  it("side by side are refused where other axes differ or one way leads past the join", () => {
    const images = (kernel: number) =>
      refused(
        functional(
          [4, 4, 2],
          [
            [layer("Conv2D", { name: "c", filters: 2, kernel_size: kernel }), ["in"]],
            [layer("Concatenate", { name: "s" }), ["c", "in"]],
            [layer("GlobalAveragePooling2D", { name: "d" }), ["s"]],
          ],
          "d",
        ),
      );
    expect(images(1)).toBe("accepted");
    expect(images(2)).toContain("all but the last axis are alike: 3 × 3 × 2 and 4 × 4 × 2");
    const past = graph([
      [relu("a"), ["in"]],
      [relu("b"), ["in"]],
      [layer("Concatenate", { name: "s" }), ["a", "in"]],
      [layer("Concatenate", { name: "t" }), ["s", "b"]],
      [DENSE, ["t"]],
    ]);
    expect(past).toContain("at most 8 that one Concatenate does");
    const nine = Array.from({ length: 9 }, (_, at) => [relu(`r${at}`), ["in"]] as const);
    const join = [layer("Concatenate", { name: "s" }), nine.map((_, at) => `r${at}`)] as const;
    expect(graph([...nine, join, [DENSE, ["s"]]])).toContain("at most 8");
  });

  it("are refused where they go round, lead nowhere or lie too deep", () => {
    expect(
      graph([
        [DENSE, ["in"]],
        [relu("a"), ["b"]],
        [relu("b"), ["a"]],
      ]),
    ).toContain("every layer leads to the output");
    expect(
      graph([
        [DENSE, ["in"]],
        [relu("after"), ["d"]],
      ]),
    ).toContain("nothing follows the output");
    const loop: Parameters<typeof graph>[0] = [
      [relu("a"), ["in"]],
      [add("s"), ["a", "t"]],
      [relu("t"), ["s"]],
      [DENSE, ["s"]],
    ];
    expect(graph(loop)).toContain("ENGINE_KERAS_GRAPH");
    const deep = Array.from({ length: 5 }, (_, at) => {
      return [relu(`r${at}`), [at === 0 ? "in" : `r${at - 1}`]] as const;
    });
    const joins = Array.from({ length: 5 }, (_, at) => {
      const from = at === 4 ? "in" : `r${3 - at}`;
      return [add(`s${at}`), [at === 0 ? "r4" : `s${at - 1}`, from]] as const;
    });
    expect(graph([...deep, ...joins, [DENSE, ["s4"]]])).toContain("at most 3 deep");
    expect(graph([...deep, ...joins.slice(0, 2), [DENSE, ["s1"]]])).toBe("accepted");
  });
});
