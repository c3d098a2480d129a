/** Decides what is trained to compare arithmetics: models, data, steps and seeds. */

import { fileURLToPath } from "node:url";

import { readDatasetFile } from "../../../src-main/adapters/datasets/index.ts";
import { featureCount, linearSchedule, sampleBytes } from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import { bySize } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { brownSamples } from "./brown-text.ts";

/** One model on one set of data. */
export interface Study {
  readonly name: "cnn" | "gpt";
  readonly model: ModelConfig;
  readonly steps: number;
  readonly train: Uint8Array;
  readonly holdout: Uint8Array;
}

/** Seeds of a study; each decides start weights and batches, the same for every arithmetic. */
export const SEEDS: readonly number[] = [1, 2, 3];

/** Rate: up in a straight line, then down to a tenth. */
function adamW(steps: number, rate: number): ModelConfig["optimizer"] {
  const corners = [
    { step: 1, rate: rate / 10 },
    { step: Math.max(2, Math.floor(steps / 10)), rate },
    { step: Math.max(3, steps), rate: rate / 10 },
  ];
  return {
    type: "adam-w",
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0.01,
    schedule: linearSchedule(corners, 50),
  };
}

/** Handwritten digits by two convolutions: 9,000 to train, 1,000 held out. */
function cnnStudy(kit: BenchKit): Study {
  const steps = bySize(kit, 420, 60, 2);
  const [first, second] = bySize(kit, [16, 32], [8, 16], [2, 2]);
  const model: ModelConfig = {
    input: { height: 28, width: 28, channels: 1 },
    classes: 10,
    batchSize: bySize(kit, 64, 32, 4),
    layers: [
      { type: "conv2d", filters: first, kernel: 3, activation: "relu" },
      { type: "max-pool", size: 2 },
      { type: "conv2d", filters: second, kernel: 3, activation: "relu" },
      { type: "max-pool", size: 2 },
      { type: "flatten" },
      { type: "dense", units: 10, activation: "none" },
    ],
    loss: "softmax-cross-entropy",
    optimizer: adamW(steps, 0.002),
  };
  const blob = fileURLToPath(new URL("../../../build/data/digits.blob", import.meta.url));
  const { header, samples } = readDatasetFile(blob);
  const size = sampleBytes(model);
  const range = (at: number, count: number) => samples.subarray(at * size, (at + count) * size);
  return {
    name: "cnn",
    model,
    steps,
    train: range(header.trainFirst, header.trainCount),
    holdout: range(header.holdoutFirst, bySize(kit, header.holdoutCount, 200, 10)),
  };
}

/** A character transformer on the Brown corpus. */
function gptStudy(kit: BenchKit): Study {
  const steps = bySize(kit, 1_000, 100, 2);
  const tokens = bySize(kit, 64, 32, 8);
  const width = bySize(kit, 64, 32, 8);
  const block = { type: "transformer-block", heads: bySize(kit, 4, 2, 2), hidden: 4 * width };
  const model: ModelConfig = {
    input: { tokens },
    classes: 128,
    batchSize: bySize(kit, 16, 8, 2),
    layers: [
      { type: "embedding", width, positions: "learned" },
      ...Array.from({ length: bySize(kit, 2, 1, 1) }, () => block as never),
      { type: "layer-norm" },
      { type: "token-head", tied: true },
    ],
    loss: "softmax-cross-entropy",
    optimizer: adamW(steps, 0.003),
    clipNorm: 1,
  };
  const text = brownSamples(featureCount(model.input) + 1);
  // Every 16th sample: pieces of all held-out files, few enough to be looked at by each engine.
  const size = sampleBytes(model);
  const wanted = bySize(kit, 300, 100, 4);
  const holdout = Buffer.concat(
    Array.from({ length: wanted }, (_, at) =>
      text.holdout.subarray(16 * at * size).subarray(0, size),
    ),
  );
  return { name: "gpt", model, steps, train: text.train, holdout };
}

/** The studies of a run. */
export function studies(kit: BenchKit): readonly Study[] {
  return [gptStudy(kit), cnnStudy(kit)];
}
