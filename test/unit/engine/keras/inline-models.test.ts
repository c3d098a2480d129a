import { describe, expect, it } from "vitest";
import { inlineModels, isModel } from "../../../../src-main/engine/keras/inline-models.ts";
import type { KerasGraph, KerasNode } from "../../../../src-main/engine/keras/keras-layer.ts";

const node = (name: string, inputs: readonly string[], kind = "ReLU"): KerasNode => {
  return { kind, name, inputs, config: {} };
};
const graph = (output: string, ...nodes: readonly KerasNode[]): KerasGraph => {
  return { nodes, output, batchShape: [null, 2] };
};
const shown = ({ nodes, output }: KerasGraph) =>
  [...nodes.map(({ name, inputs }) => `${name}(${inputs.join(",")})`), output].join(" ");

const START = node("in", [], "InputLayer");
const INNER = graph("z", node("start", [], "InputLayer"), node("y", ["start"]), node("z", ["y"]));

describe("models within a model", () => {
  it("are their layers, in whatever order the file has them", () => {
    const outer = [START, node("m", ["in"], "Model"), node("end", ["m"])];
    const models = new Map([["m", INNER]]);
    expect(shown(inlineModels(graph("end", ...outer), models))).toBe("in() y(in) z(y) end(z) end");
    const last = [node("m", ["a"], "Model"), node("a", ["in"]), START];
    expect(shown(inlineModels(graph("m", ...last), models))).toBe("in() a(in) y(a) z(y) z");
    const none = graph("end", ...outer);
    expect(inlineModels(none, new Map())).toBe(none);
  });

  it("that change nothing are their input", () => {
    const empty = graph("start", node("start", [], "InputLayer"));
    const outer = graph("end", START, node("m", ["in"], "Model"), node("end", ["m"]));
    expect(shown(inlineModels(outer, new Map([["m", empty]])))).toBe("in() end(in) end");
  });

  it("of several inputs are refused, and those in a circle end", () => {
    const models = new Map([["m", INNER]]);
    const two = graph("m", START, node("a", ["in"]), node("m", ["in", "a"], "Model"));
    expect(() => inlineModels(two, models)).toThrow("ENGINE_KERAS_GRAPH");
    const circle = graph("m", START, node("a", ["m"]), node("m", ["a"], "Model"));
    expect(shown(inlineModels(circle, models))).toContain("y(");
  });

  it("are a Sequential, a Functional or a Model", () => {
    expect(["Sequential", "Functional", "Model", "Dense"].map(isModel)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
