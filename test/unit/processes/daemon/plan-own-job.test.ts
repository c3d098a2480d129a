import { describe, expect, it } from "vitest";

import { sha256 } from "../../../../src-main/crypto/index.ts";
import { modelText, DIGITS_CNN } from "../../../../src-main/engine/index.ts";
import { planOwnJob } from "../../../../src-main/processes/daemon/plan-own-job.ts";
import { imageSet, sampleSet, textSet } from "./sample-set.ts";

const FREE = { steps: null, epochs: null, model: null, text: null };
const fast = () => 1;

function planned(
  set: ReturnType<typeof sampleSet>,
  asked: Partial<Parameters<typeof planOwnJob>[2]> = {},
  stepTime: Parameters<typeof planOwnJob>[3] = fast,
) {
  const plan = planOwnJob(sha256, set, { ...FREE, ...asked }, stepTime);
  if (!plan.ok) throw new Error(plan.rejection.code);
  return plan.value;
}

describe("planOwnJob", () => {
  it("passes five times over many images with a convolutional network", () => {
    const plan = planned(imageSet());
    expect(plan).toMatchObject({ stepsRule: "epochs", modelChosen: true });
    expect(plan.steps).toBe(Math.ceil((5 * 9_000) / plan.model.batchSize));
    expect(plan.model.layers.map(({ type }) => type)).toContain("conv2d");
    const { specification } = plan;
    expect(specification).toMatchObject({ trainCount: 9_000, holdoutFirst: 9_000 });
    expect(specification.unitPriceBase).toBeGreaterThan(0n);
  });

  it("passes more often over a small table, with dense layers alone", () => {
    const plan = planned(sampleSet());
    expect(plan.stepsRule).toBe("least");
    expect(new Set(plan.model.layers.map(({ type }) => type))).toEqual(new Set(["dense"]));
  });

  it("takes no longer than ten minutes unless it is told to", () => {
    const slow = () => 1_000;
    const plan = planned(imageSet(), {}, slow);
    expect(plan).toMatchObject({ steps: 600, stepsRule: "time", trainMs: 600_000 });
    // The rate falls over the steps there are, not over those there would have been.
    const { schedule } = plan.model.optimizer;
    expect(schedule.at(-1)?.step).toBeLessThanOrEqual(600);
    expect(planned(imageSet(), { steps: 5_000 }, slow)).toMatchObject({ steps: 5_000 });
  });

  it("does exactly the steps or passes that are asked for", () => {
    expect(planned(sampleSet(), { steps: 7 })).toMatchObject({ steps: 7, stepsRule: "asked" });
    const plan = planned(sampleSet(), { epochs: 3 });
    expect(plan.steps).toBe(Math.ceil((3 * 135) / plan.model.batchSize));
  });

  it("takes its owner's model where it fits", () => {
    const plan = planned(imageSet(), { model: modelText(DIGITS_CNN) });
    expect(plan).toMatchObject({ modelChosen: false, model: DIGITS_CNN });
  });

  it("trains a small GPT on a text, of the size that is asked for", () => {
    const plan = planned(textSet());
    expect(plan.model).toMatchObject({ input: { tokens: 128 }, classes: 256, batchSize: 16 });
    expect(plan.specification).toMatchObject({ trainCount: 2_109, holdoutCount: 234 });
    const text = { tokens: null, context: null, layers: 1, width: 48 };
    const { layers } = planned(textSet(), { text }).model;
    expect(layers.map(({ type }) => type)).toEqual([
      "embedding",
      "transformer-block",
      "layer-norm",
      "token-head",
    ]);
    expect(layers[0]).toMatchObject({ width: 48 });
    const cut = planned(textSet(), { text }, () => 10_000);
    expect(cut.model.layers).toEqual(layers);
    expect(cut).toMatchObject({ steps: 60, stepsRule: "time" });
    expect(planned(textSet(), { model: modelText(plan.model) }).modelChosen).toBe(false);
  });

  it("refuses a text's wishes for data that is none, and a text's model for it", () => {
    const text = { tokens: "gpt", context: null, layers: null, width: null } as const;
    const refused = planOwnJob(sha256, imageSet(), { ...FREE, text }, fast);
    expect(refused.ok ? "" : refused.rejection.code).toBe("PROCESSES_NOT_TEXT");
    const model = modelText(planned(textSet()).model);
    const other = planOwnJob(sha256, imageSet(), { ...FREE, model }, fast);
    expect(other.ok ? "" : other.rejection.code).toBe("PROCESSES_MODEL_DATA");
  });

  it("refuses a model for another shape, classes, encoding or batch", () => {
    const model = modelText(DIGITS_CNN);
    const code = (set: ReturnType<typeof sampleSet>, text = model) => {
      const plan = planOwnJob(sha256, set, { ...FREE, model: text }, fast);
      return plan.ok ? "" : plan.rejection.code;
    };
    const images = imageSet();
    expect(code(sampleSet())).toBe("PROCESSES_MODEL_DATA");
    const wider = { ...images, data: { ...images.data, width: 29 } };
    expect(code(wider)).toBe("PROCESSES_MODEL_DATA");
    expect(code({ ...images, data: { ...images.data, classes: 9 } })).toBe("PROCESSES_MODEL_DATA");
    expect(code({ ...images, encoding: 1 })).toBe("PROCESSES_MODEL_DATA");
    const few = { ...images, data: { ...images.data, trainCount: 31 } };
    expect(code(few)).toBe("PROCESSES_MODEL_DATA");
    expect(code(images, "{}")).toMatch(/^ENGINE_MODEL_/);
  });
});
