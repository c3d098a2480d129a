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
    expect(inbound([[[3, 0, 0]]])).toContain("as Keras 2 and TensorFlow.js write them");
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
    ).toContain("ENGINE_KERAS_GRAPH layer=in");
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
    ).toContain("joins two ways");
    expect(
      graph([
        [layer("Dense", { units: 3, name: "w" }), ["in"]],
        [add("s"), ["w", "in"]],
        [DENSE, ["s"]],
      ]),
    ).toContain("both sides are alike: 3 and 2");
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
