import { describe, expect, it } from "vitest";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import { defaultGptLayers } from "../../../../src-main/engine/models/default-gpt.ts";
import {
  defaultTraining,
  estimatedStepSeconds,
} from "../../../../src-main/engine/models/default-training.ts";
import { modelText } from "../../../../src-main/engine/models/model-text.ts";
import { parseModel } from "../../../../src-main/engine/models/parse-model.ts";

const text = (classes: number, trainCount: number, width = 128) => {
  const encoding = classes <= 256 ? 2 : 3;
  return { encoding, height: 1, width, channels: 1, classes, trainCount };
};
const sizes = (layers: ReturnType<typeof defaultGptLayers>) =>
  layers.map((one) => {
    const [first] = one;
    const blocks = one.filter(({ type }) => type === "transformer-block");
    return [blocks.length, first.type === "embedding" ? first.width : 0];
  });

describe("defaultGptLayers", () => {
  it("offers a larger network for more text, and one alone of a size that is asked for", () => {
    const [little, more, much] = [
      [2, 64],
      [3, 96],
      [4, 128],
    ];
    expect(sizes(defaultGptLayers(text(256, 100)))).toEqual([little]);
    expect(sizes(defaultGptLayers(text(256, 2_000)))).toEqual([more, little]);
    expect(sizes(defaultGptLayers(text(256, 20_000)))).toEqual([much, more, little]);
    expect(sizes(defaultGptLayers(text(256, 20_000), { layers: 1 }))).toEqual([[1, 128]]);
    expect(sizes(defaultGptLayers(text(256, 100), { width: 48 }))).toEqual([[2, 48]]);
  });

  it("lets elements of a network fall out where its text is short, and decays it strongly", () => {
    for (const [trainCount, isFew] of [
      [1_562, true],
      [1_563, false],
    ] as const) {
      const { model } = defaultTraining(text(256, trainCount));
      expect(model.layers.some(({ type }) => type === "dropout")).toBe(isFew);
      expect(model.optimizer).toMatchObject({ weightDecay: isFew ? 1 : 0.01 });
    }
  });

  it("gives heads that divide every width there is", () => {
    for (let width = 16; width <= 512; width += 16) {
      const [layers] = defaultGptLayers(text(256, 100), { layers: 1, width });
      const block = layers[1];
      const heads = block.type === "transformer-block" ? block.heads : 0;
      expect(width % heads).toBe(0);
      expect([16, 32]).toContain(width / heads);
    }
  });
});

describe("defaultTraining of a text", () => {
  it.each([
    ["a page", text(70, 12), { steps: 1_000, batchSize: 12 }],
    ["a book", text(256, 3_000), { steps: 1_000, batchSize: 16 }],
    ["pieces of words", text(4_096, 500), { steps: 1_000, batchSize: 16 }],
    ["short blocks", text(256, 90_000, 8), { batchSize: 256 }],
    ["long blocks", text(256, 900, 1_024), { batchSize: 2 }],
  ])("compiles, keeps its text and takes ten minutes at most: %s", (_what, data, wanted) => {
    const { model, steps } = defaultTraining(data);
    expect({ steps, batchSize: model.batchSize }).toMatchObject(wanted);
    expect(model.input).toEqual({ tokens: data.width });
    const program = compileTraining(model);
    if (!program.ok) throw new Error(program.rejection.code);
    expect(steps * estimatedStepSeconds(program.value)).toBeLessThanOrEqual(600);
    expect(parseModel(modelText(model))).toEqual({ ok: true, value: model });
  });

  it("compiles at the edge of what may be asked for", () => {
    const { model } = defaultTraining(text(4_096, 90_000, 1_024), 1, { layers: 12, width: 512 });
    expect(compileTraining(model).ok).toBe(true);
  });
});
