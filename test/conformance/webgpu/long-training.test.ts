import { describe, expect, it } from "vitest";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import type { StandardStep } from "../../../src-main/miner/calibration/standard-steps.ts";
import { inGraphicsChild, testAdapters } from "./graphics.ts";
import { longRoots } from "./long-runs.ts";

const isFull = process.env["VIVIAN_FULL"] === "1";
const isOwn = process.env["VIVIAN_TEST_GPU"] === "own";

const adapters = await testAdapters();

/** Models and their steps: a processor that plays a GPU takes a second for each. */
const RUNS: readonly (readonly [name: StandardStep, steps: number])[] = isOwn
  ? [
      ["cnn", 5_000],
      ["transformer", 2_000],
    ]
  : [["cnn", 4]];

/** Two thousand steps of a transformer on two threads of a processor. */
const TIMEOUT_MS = 1_800_000;

const isHere = isFull && adapters.length > 0 && nativeBackends().available;

describe.skipIf(!isHere)(`long training on webgpu (${adapters[0] ?? "none"})`, () => {
  it.each(RUNS)(
    "of a %s for %i steps ends as native-cpu's does",
    async (name, steps) => {
      const every = steps / 4;
      const [given, expected] = await Promise.all([
        inGraphicsChild("longTraining", name, steps, every),
        longRoots(createNativeBackend({ threads: 2 }), name, steps, every),
      ]);
      expect(given).toEqual(expected);
      expect(new Set(expected).size).toBe(4);
    },
    TIMEOUT_MS,
  );
});
