/** Decides the model for machines without a compiled backend: small enough for the reference. */
import type { ModelConfig } from "./model-config.ts";

/** Steps of the whole training. */
export const DIGITS_TINY_STEPS = 120;

/** 28 × 28 grey, 10 classes. */
export const DIGITS_TINY: ModelConfig = {
  input: { height: 28, width: 28, channels: 1 },
  classes: 10,
  batchSize: 32,
  layers: [
    { type: "conv2d", filters: 4, kernel: 3, activation: "relu" },
    { type: "max-pool", size: 2 },
    { type: "flatten" },
    { type: "dense", units: 10, activation: "none" },
  ],
  loss: "softmax-cross-entropy",
  optimizer: {
    type: "sgd-momentum",
    momentum: 0.9,
    schedule: [
      { step: 1, rate: 0.03 },
      { step: 80, rate: 0.01 },
    ],
  },
};
