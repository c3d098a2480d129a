import { describe, expect, it } from "vitest";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import {
  defaultSteps,
  defaultTraining,
  estimatedStepSeconds,
} from "../../../../src-main/engine/models/default-training.ts";
import type { DataShape } from "../../../../src-main/engine/models/default-training.ts";
import { modelText } from "../../../../src-main/engine/models/model-text.ts";
import { parseModel } from "../../../../src-main/engine/models/parse-model.ts";

const images = (side: number, channels: number, trainCount: number): DataShape => {
  return { encoding: 0, height: side, width: side, channels, classes: 10, trainCount };
};
const table = (width: number, trainCount: number): DataShape => {
  return { encoding: 1, height: 1, width, channels: 1, classes: 3, trainCount };
};

function secondsOf(data: DataShape): number {
  const { model, steps } = defaultTraining(data);
  const program = compileTraining(model);
  if (!program.ok) throw new Error(program.rejection.code);
  return steps * estimatedStepSeconds(program.value);
}

const layerNames = (data: DataShape): string =>
  defaultTraining(data)
    .model.layers.map((layer) => {
      if (layer.type === "conv2d") return `conv ${layer.filters}`;
      return layer.type === "dense" ? `dense ${layer.units}` : layer.type;
    })
    .join(", ");

describe("defaultTraining", () => {
  it("gives images a CNN that pools only where the size allows", () => {
    expect(layerNames(images(28, 1, 9_000))).toBe(
      "conv 16, max-pool, conv 32, max-pool, conv 64, max-pool, flatten, dense 128, dense 10",
    );
    expect(layerNames(images(8, 3, 50))).toBe(
      "conv 16, max-pool, conv 32, max-pool, flatten, dense 128, dense 10",
    );
    expect(layerNames(images(4, 1, 50))).toBe("conv 16, max-pool, flatten, dense 128, dense 10");
    expect(layerNames(images(3, 1, 50))).toBe("flatten, dense 128, dense 10");
  });

  it("gives tables an MLP, wider once there are many samples", () => {
    expect(layerNames(table(4, 135))).toBe("dense 64, dense 64, dense 3");
    expect(layerNames(table(4, 2_000))).toBe("dense 128, dense 128, dense 3");
    expect(defaultTraining(table(4, 135)).model.input).toEqual({ features: 4 });
  });

  it("makes five passes, and more where that would be too few steps", () => {
    expect(defaultTraining(images(28, 1, 9_000))).toMatchObject({ steps: 1_407, epochs: 5 });
    expect(defaultTraining(images(28, 1, 100))).toMatchObject({ steps: 600, epochs: 96 });
    expect(defaultTraining(table(4, 135))).toMatchObject({ steps: 1_500, epochs: 177.8 });
    expect(defaultTraining(table(4, 90_000))).toMatchObject({ steps: 7_032, epochs: 5 });
  });

  it("stays within ten minutes: first with a narrower network, then with fewer steps", () => {
    for (const data of [images(64, 3, 90_000), images(64, 3, 2_000_000), table(4_096, 100_000)]) {
      expect(secondsOf(data)).toBeLessThanOrEqual(600);
    }
    expect(layerNames(images(64, 3, 90_000))).toContain("conv 8");
    expect(defaultTraining(images(64, 3, 90_000)).epochs).toBe(5);
    expect(defaultTraining(images(64, 3, 2_000_000)).epochs).toBeLessThan(5);
  });

  it("takes a person's own number of steps, and bends the learning rate to it", () => {
    for (const steps of [1, 2, 9, 10, 50, 1_000_000]) {
      const { model, steps: taken } = defaultTraining(table(4, 135), steps);
      expect(taken).toBe(steps);
      expect(model.optimizer.schedule[0].step).toBe(1);
      expect(model.optimizer.schedule.at(-1)?.step).toBe(steps);
    }
  });

  it("gives a model whose text gives it back, for every size", () => {
    for (const side of [1, 2, 3, 4, 5, 7, 16, 33, 63, 64]) {
      for (const channels of [1, 3]) {
        for (const count of [1, 7, 400, 100_000]) {
          const { model } = defaultTraining(images(side, channels, count));
          expect(model.batchSize).toBeLessThanOrEqual(count);
          expect(parseModel(modelText(model))).toEqual({ ok: true, value: model });
        }
      }
    }
    const { model } = defaultTraining(table(4_096, 3));
    expect(parseModel(modelText(model))).toEqual({ ok: true, value: model });
  });
});

describe("defaultSteps", () => {
  it("is what the default training takes, and refuses a model that does not compile", () => {
    const { model, steps } = defaultTraining(images(28, 1, 9_000));
    expect(defaultSteps(model, 9_000)).toEqual({ ok: true, value: steps });
    const refused = defaultSteps({ ...model, classes: 9 }, 9_000);
    expect(refused.ok ? "accepted" : refused.rejection.code).toBe("ENGINE_MODEL_SHAPE");
  });
});
