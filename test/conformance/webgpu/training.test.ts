import { beforeAll, describe, expect, it } from "vitest";
import {
  createNativeBackend,
  differingElement,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import { ReferenceBackend } from "../../../src-main/engine/index.ts";
import { inGraphicsChild, testAdapters } from "./graphics.ts";
import { MODELS, programOf, trainingRun } from "./training-runs.ts";
import type { TrainingRun } from "./training-runs.ts";

const STEPS = process.env["VIVIAN_FULL"] === "1" ? 50 : 3;

const adapters = await testAdapters();
const hasNative = nativeBackends().available;

/** One child for all models: what a device compiles for one serves the others. */
const given =
  adapters.length === 0
    ? {}
    : await inGraphicsChild<Readonly<Record<string, TrainingRun>>>(
        "trainings",
        0,
        Object.keys(MODELS),
        STEPS,
      );

describe.skipIf(adapters.length === 0).each(Object.keys(MODELS))(
  `training %s on webgpu (${adapters[0] ?? "none"})`,
  (name) => {
    let expected: TrainingRun;

    beforeAll(async () => {
      expected = await trainingRun(new ReferenceBackend(), name, STEPS);
    });

    it("gives the reference's state root after each step", () => {
      expect(given[name].roots).toEqual(expected.roots);
      expect(new Set(given[name].roots).size).toBe(STEPS);
    });

    it("gives the reference's losses to who reads each while the next step is at work", () => {
      expect(given[name].losses).toEqual(expected.losses);
      expect(given[name].losses).toHaveLength(STEPS);
    });

    it("gives the reference's bytes of every op", () => {
      const { ops } = programOf(name);
      const { values } = given[name];
      const wrong = ops.filter((_, i) => differingElement(values[i], expected.values[i]) >= 0);
      expect(wrong.map(({ op }) => op)).toEqual([]);
    });

    it.skipIf(!hasNative)("gives the native engine's state roots", async () => {
      const native = await trainingRun(createNativeBackend({ threads: 1 }), name, STEPS);
      expect(given[name].roots).toEqual(native.roots);
    });
  },
);
