/** Decides the small models that the float engine is tried with: every kind of layer is in one. */

import { readModelValue, sampleBytes } from "../../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../../src-main/engine/index.ts";

const training = {
  loss: "softmax-cross-entropy",
  optimizer: {
    type: "adam-w",
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 0.001,
    weightDecay: 0.01,
    schedule: [{ step: 1, rate: 0.01 }],
  },
} as const;

/** Pictures: convolutions, pools, norms, dropout, clipping, accumulation. */
export const PICTURES: ModelConfig = {
  ...training,
  input: { height: 9, width: 8, channels: 3 },
  classes: 4,
  batchSize: 6,
  clipNorm: 1,
  layers: [
    { type: "conv2d", filters: 4, kernel: 3, activation: "silu" },
    { type: "max-pool", size: 2 },
    { type: "batch-norm", momentum: 0.9 },
    { type: "conv2d", filters: 5, kernel: 5, activation: "gelu" },
    { type: "average-pool", size: 2 },
    { type: "flatten" },
    { type: "dropout", rate: 0.25 },
    { type: "dense", units: 6, activation: "tanh" },
    { type: "dense", units: 4, activation: "none" },
  ],
};

/** Text: attention, rotary positions, both norms, a head of its own. */
export const TEXT: ModelConfig = {
  ...training,
  input: { tokens: 6 },
  classes: 11,
  batchSize: 4,
  accumulate: 2,
  layers: [
    { type: "embedding", width: 8, positions: "rotary" },
    { type: "transformer-block", heads: 2, hidden: 12 },
    { type: "rms-norm" },
    { type: "layer-norm" },
    { type: "token-head", tied: false },
  ],
};

/** Whether the engine takes both models; a change there must not leave these tests behind. */
export function areModels(): boolean {
  return [PICTURES, TEXT].every((model) => readModelValue(model).ok);
}

/** A batch that looks random; labels and tokens lie in their classes. */
export function batchFor(model: ModelConfig, seed: number): Uint8Array {
  const size = sampleBytes(model);
  const isText = "tokens" in model.input;
  let word = seed;
  return Uint8Array.from({ length: size * model.batchSize }, (_, at) => {
    word = (Math.imul(word, 1664525) + 1013904223) | 0;
    const byte = (word >>> 16) & 0xff;
    return isText || at % size === size - 1 ? byte % model.classes : byte;
  });
}
