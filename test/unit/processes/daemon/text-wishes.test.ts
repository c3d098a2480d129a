import { describe, expect, it } from "vitest";

import { DIGITS_CNN, defaultTraining, modelText } from "../../../../src-main/engine/index.ts";
import { gptSize, textCut } from "../../../../src-main/processes/daemon/text-wishes.ts";

const NOTHING = { tokens: null, context: null, layers: null, width: null };
const shape = { encoding: 2, height: 1, width: 48, channels: 1, classes: 256, trainCount: 90 };
const gpt = modelText(defaultTraining(shape).model);

describe("textCut", () => {
  it("says nothing where nothing was said, for then a folder may hold anything", () => {
    expect(textCut({ model: null, text: null })).toEqual({ ok: true, value: null });
    const images = modelText(DIGITS_CNN);
    expect(textCut({ model: images, text: null })).toEqual({ ok: true, value: null });
  });

  it("cuts as the owner says, else as the owner's model reads", () => {
    const asked = { ...NOTHING, tokens: "gpt", context: 64 } as const;
    const value = { tokens: "gpt", context: 64 };
    expect(textCut({ model: null, text: asked })).toEqual({ ok: true, value });
    const read = { tokens: null, context: 48 };
    expect(textCut({ model: gpt, text: null })).toEqual({ ok: true, value: read });
  });

  it("refuses a size beside a model, and a model that is none", () => {
    const text = { ...NOTHING, layers: 2 };
    const refused = textCut({ model: gpt, text });
    expect(refused.ok ? "" : refused.rejection.code).toBe("PROCESSES_TEXT_SIZE");
    expect(textCut({ model: "{", text: null }).ok).toBe(false);
  });
});

describe("gptSize", () => {
  it("leaves out what is left open", () => {
    expect(gptSize({ text: null })).toEqual({});
    expect(gptSize({ text: { ...NOTHING, width: 32 } })).toEqual({ width: 32 });
    expect(gptSize({ text: { ...NOTHING, layers: 3, width: 32 } })).toEqual({
      layers: 3,
      width: 32,
    });
  });
});
