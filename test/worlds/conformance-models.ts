/**
 * Decides what is trained where backends are compared over many steps: a small CNN and a small
 * transformer whose shapes fill no tile evenly, and their batches as pure functions of the step.
 */
import { checkRandom } from "../../src-main/adapters/native-engine/check-random.ts";
import { compileTraining, initialStates, sampleBytes } from "../../src-main/engine/index.ts";
import type { ModelConfig, Program } from "../../src-main/engine/index.ts";

/** Two convolutions, one of them wider than a vector, and a dense layer; momentum. */
export const CNN: ModelConfig = {
  input: { height: 12, width: 12, channels: 1 },
  classes: 5,
  batchSize: 7,
  layers: [
    { type: "conv2d", filters: 6, kernel: 3, activation: "relu" },
    { type: "max-pool", size: 2 },
    { type: "conv2d", filters: 17, kernel: 3, activation: "relu" },
    { type: "max-pool", size: 2 },
    { type: "flatten" },
    { type: "dense", units: 5, activation: "none" },
  ],
  loss: "softmax-cross-entropy",
  optimizer: { type: "sgd-momentum", momentum: 0.9, schedule: [{ step: 1, rate: 0.01 }] },
};

/** Depthwise convolutions of 3 × 3, one a channel, whose channels fill no vector evenly. */
export const DEPTHWISE: ModelConfig = {
  ...CNN,
  layers: [
    { type: "conv2d", filters: 19, kernel: 1, activation: "none" },
    { type: "depthwise-conv2d", kernel: 3, stride: 2, activation: "relu" },
    { type: "depthwise-conv2d", kernel: 3, activation: "none" },
    { type: "flatten" },
    { type: "dense", units: 5, activation: "none" },
  ],
};

/** Windows that overlap and reach over edges, each channel on its own, values side by side. */
export function windowLayers(poolStride: number, classes: number): ModelConfig["layers"] {
  return [
    { type: "zero-pad", rows: [0, 1], columns: [2, 1] },
    { type: "conv2d", filters: 3, kernel: 3, stride: 2, padding: "valid", activation: "relu6" },
    { type: "depthwise-conv2d", kernel: 3, multiplier: 2, activation: "none" },
    { type: "leaky-relu", slope: 0.2 },
    { type: "max-pool", size: 3, stride: poolStride, padding: "same" },
    {
      type: "concat",
      branches: [
        [{ type: "conv2d", filters: 2, kernel: 3, activation: "none" }],
        [],
        [{ type: "average-pool", size: 2, stride: 1, padding: "same" }],
      ],
    },
    { type: "crop", rows: [1, 0], columns: [0, 1] },
    { type: "depthwise-conv2d", kernel: 2, stride: 2, bias: false, activation: "silu" },
    { type: "global-max-pool" },
    { type: "dense", units: classes, activation: "none" },
  ];
}

const TOKENS = 12;

/** A small text whose next letter can be learned. */
const TEXT = new TextEncoder().encode(
  "the cat sat on the mat and the rat sat on the hat; ".repeat(12),
);

/** Rotary positions, dropout, clipping, AdamW: every state that a training can carry. */
export const TRANSFORMER: ModelConfig = {
  input: { tokens: TOKENS },
  classes: 128,
  batchSize: 3,
  layers: [
    { type: "embedding", width: 24, positions: "rotary" },
    { type: "dropout", rate: 0.1 },
    { type: "transformer-block", heads: 3, hidden: 33 },
    { type: "layer-norm" },
    { type: "token-head", tied: true },
  ],
  loss: "softmax-cross-entropy",
  clipNorm: 0.5,
  optimizer: {
    type: "adam-w",
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0.1,
    schedule: [{ step: 1, rate: 0.003 }],
  },
};

/** The seed of every start state here. */
export const JOB_SEED = new Uint8Array(32).fill(11);

/** The training program of a model. */
export function trainingProgram(model: ModelConfig): Program {
  const outcome = compileTraining(model);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value;
}

/** Its start state. */
export function startStates(program: Program): readonly Float32Array[] {
  return initialStates(JOB_SEED, program);
}

/** Windows of the text, or pictures whose label is how bright they are in five classes. */
export function batchOf(model: ModelConfig, step: number): Uint8Array {
  const random = checkRandom(step);
  const size = sampleBytes(model);
  const batch = new Uint8Array(model.batchSize * size);
  for (let first = 0; first < batch.length; first += size) {
    if ("tokens" in model.input) {
      const place = random.below(TEXT.length - TOKENS - 1);
      batch.set(TEXT.subarray(place, place + size), first);
      continue;
    }
    const label = random.below(5);
    for (let i = 0; i < size - 1; i += 1) {
      batch[first + i] = random.below(2) * random.below(50 * label + 20);
    }
    batch[first + size - 1] = label;
  }
  return batch;
}
