import { describe, expect, it } from "vitest";
import { DIGITS_TINY } from "../../../../src-main/engine/models/digits-tiny.ts";
import { modelText } from "../../../../src-main/engine/models/model-text.ts";
import { readModelValue } from "../../../../src-main/engine/models/parse-model.ts";

describe("modelText", () => {
  it("is compact JSON that does not depend on how the model was written", () => {
    const text = modelText(DIGITS_TINY);
    expect(text.startsWith('{"input":{"height":28,"width":28,"channels":1},"classes":10')).toBe(
      true,
    );
    const reordered = Object.fromEntries(
      Object.entries(JSON.parse(text) as object).reverse(),
    ) as unknown;
    const read = readModelValue(reordered);
    expect(read.ok && modelText(read.value)).toBe(text);
    expect(JSON.stringify(JSON.parse(text))).toBe(text);
  });

  it("writes all kinds of layers", () => {
    const layers = [{ type: "relu" }, { type: "flatten" }] as const;
    expect(modelText({ ...DIGITS_TINY, layers })).toContain('[{"type":"relu"},{"type":"flatten"}]');
  });
});
