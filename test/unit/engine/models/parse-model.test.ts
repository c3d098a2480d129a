import { describe, expect, it } from "vitest";
import { DIGITS_CNN } from "../../../../src-main/engine/models/digits-cnn.ts";
import { modelText } from "../../../../src-main/engine/models/model-text.ts";
import { parseModel, readModelValue } from "../../../../src-main/engine/models/parse-model.ts";
import type { Rejection } from "../../../../src-main/contract/outcome.ts";

function refusal(change: object): Rejection {
  const read = readModelValue({ ...DIGITS_CNN, ...change });
  if (read.ok) throw new Error("was accepted");
  return read.rejection;
}

const dense = { type: "dense", units: 10 };

describe("parseModel", () => {
  it("reads the default model and fills in defaults", () => {
    expect(parseModel(modelText(DIGITS_CNN))).toEqual({ ok: true, value: DIGITS_CNN });
    const read = readModelValue({ ...DIGITS_CNN, layers: [dense] });
    expect(read.ok && read.value.layers).toEqual([{ ...dense, activation: "none" }]);
  });

  it("names the nearest key and layer", () => {
    expect(refusal({ batchsize: 3 })).toMatchObject({
      code: "ENGINE_MODEL_KEY",
      facts: { nearest: "batchSize" },
    });
    expect(refusal({ layers: [{ type: "conv2" }] })).toMatchObject({
      code: "ENGINE_MODEL_LAYER",
      facts: { where: "layers[0]", nearest: "conv2d" },
    });
    expect(refusal({ layers: [{ ...dense, unit: 1 }] })).toMatchObject({
      facts: { nearest: "units" },
    });
  });

  it("says what is missing and what a value may be", () => {
    expect(refusal({ layers: [{ type: "dense" }] })).toMatchObject({
      code: "ENGINE_MODEL_MISSING",
      facts: { key: "units" },
    });
    expect(refusal({ layers: [{}] }).code).toBe("ENGINE_MODEL_MISSING");
    expect(refusal({ classes: 1 })).toMatchObject({
      code: "ENGINE_MODEL_VALUE",
      facts: { key: "classes", rule: "an integer from 2 to 256" },
    });
    expect(refusal({ batchSize: 1.5 }).code).toBe("ENGINE_MODEL_VALUE");
    expect(refusal({ input: [] }).code).toBe("ENGINE_MODEL_VALUE");
    expect(refusal({ layers: [{ type: "conv2d", filters: 4, kernel: 4 }] })).toMatchObject({
      facts: { rule: "3 or 5" },
    });
    expect(refusal({ layers: [{ ...dense, activation: "rely" }] })).toMatchObject({
      facts: { rule: "one of none, relu; nearest: relu" },
    });
  });

  it("refuses a schedule that does not start at 1 or does not ascend", () => {
    const withSchedule = (steps: readonly number[]) =>
      refusal({
        optimizer: {
          ...DIGITS_CNN.optimizer,
          schedule: steps.map((step) => ({ step, rate: 0.1 })),
        },
      }).code;
    expect(withSchedule([2])).toBe("ENGINE_MODEL_VALUE");
    expect(withSchedule([1, 5, 5])).toBe("ENGINE_MODEL_VALUE");
    expect(withSchedule([])).toBe("ENGINE_MODEL_VALUE");
  });

  it("refuses text that is no JSON, no object or too long", () => {
    const codeOf = (text: string) => {
      const read = parseModel(text);
      return read.ok ? "accepted" : read.rejection.code;
    };
    expect(codeOf("{")).toBe("ENGINE_MODEL_JSON");
    expect(codeOf("[]")).toBe("ENGINE_MODEL_VALUE");
    expect(codeOf("null")).toBe("ENGINE_MODEL_VALUE");
    expect(codeOf(" ".repeat(16_385))).toBe("ENGINE_LIMIT");
    expect(codeOf('{"__proto__":{"classes":2}}')).toBe("ENGINE_MODEL_KEY");
  });
});
