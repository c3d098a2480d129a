/** Decides the default model: handwritten digits, two convolutions and one dense layer. */
import type { ModelConfig } from "./model-config.ts";

/** Steps of the whole training: 10 passes over 9,000 samples in batches of 32, rounded down. */
export const DIGITS_CNN_STEPS = 2_812;

/** 28 × 28 grey, 10 classes. */
export const DIGITS_CNN: ModelConfig = {
  input: { height: 28, width: 28, channels: 1 },
  classes: 10,
  batchSize: 32,
  layers: [
    { type: "conv2d", filters: 16, kernel: 3, activation: "relu" },
    { type: "max-pool", size: 2 },
    { type: "conv2d", filters: 32, kernel: 3, activation: "relu" },
    { type: "max-pool", size: 2 },
    { type: "flatten" },
    { type: "dense", units: 10, activation: "none" },
  ],
  loss: "softmax-cross-entropy",
  optimizer: {
    type: "sgd-momentum",
    momentum: 0.9,
    schedule: [
      { step: 1, rate: 0.01 },
      { step: 100, rate: 0.03 },
      { step: 1_400, rate: 0.01 },
      { step: 2_250, rate: 0.002 },
    ],
  },
};
