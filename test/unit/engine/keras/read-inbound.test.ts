import { describe, expect, it } from "vitest";
import { ended } from "../../../../src-main/engine/keras/keras-stop.ts";
import { readInbound } from "../../../../src-main/engine/keras/read-inbound.ts";
import { refusalOf } from "../../../generators/keras-document.ts";

const ADD = { kind: "Add", name: "sum", config: {} };

/** A tensor as Keras 3 writes it. */
const tensor = (...history: unknown[]) => ({
  class_name: "__keras_tensor__",
  config: { shape: [null, 2], dtype: "float32", keras_history: history },
});
const A = tensor("a", 0, 0);
const B = tensor("b", 0, 0);

const outcome = (nodes: unknown) => ended(() => readInbound(nodes, ADD));
const names = (nodes: unknown) => {
  const read = outcome(nodes);
  return read.ok ? read.value.join(" ") : read.rejection.code;
};
const refusal = (nodes: unknown) => refusalOf(outcome(nodes));

describe("the inputs of a layer", () => {
  it("are read from lists and from calls, in their order", () => {
    expect(
      names([
        [
          ["b", 0, 0, {}],
          ["a", 0, 0],
        ],
      ]),
    ).toBe("b a");
    expect(names([{ args: [[B, A]], kwargs: {} }])).toBe("b a");
    // As an operator writes it, and with what is left out after the value.
    expect(names([{ args: [A, B], kwargs: {} }])).toBe("a b");
    expect(names([{ args: [A, null], kwargs: { mask: null, training: null } }])).toBe("a");
    expect(names([{ args: [A] }])).toBe("a");
  });

  it("are refused where a layer is called with more than values", () => {
    const more = "with a value and nothing else";
    expect(refusal([{ args: [A], kwargs: { training: false } }])).toContain(more);
    expect(refusal([{ args: [A, true], kwargs: {} }])).toContain(more);
    expect(refusal([{ args: [[A, 3]], kwargs: {} }])).toContain(more);
    expect(refusal([{ args: [A, [B]], kwargs: {} }])).toContain(more);
  });

  it("are refused where their history is none, or not of a first call", () => {
    expect(refusal([{ args: [tensor("a", 1, 0)] }])).toContain("used once");
    expect(refusal([{ args: [tensor("a", 0, 1)] }])).toContain("used once");
    expect(refusal([{ args: [A] }, { args: [B] }])).toContain("used exactly once");
    for (const nodes of [
      3,
      [3],
      [{}],
      [{ args: 3 }],
      [{ args: [] }],
      [{ args: [[]] }],
      [{ args: [{ class_name: "__tensor__", config: {} }] }],
      [{ args: [{ class_name: "__keras_tensor__" }] }],
      [{ args: [{ class_name: "__keras_tensor__", config: {} }] }],
      [{ args: [tensor(3, 0, 0)] }],
      [{ args: [A], kwargs: 3 }],
    ]) {
      expect(refusal(nodes)).toContain("ENGINE_KERAS_FORM");
    }
  });
});
