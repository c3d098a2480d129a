/** Decides the training steps that devices are compared by, and what they are fed. */

import { compileTraining, encodeProgram, featureCount, initialStates } from "../../engine/index.ts";
import type { ModelConfig, Program } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";

const OPTIMIZER = {
  type: "adam-w",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  schedule: [{ step: 1, rate: 0.001 }],
} as const;

const IMAGE = {
  input: { height: 28, width: 28, channels: 1 },
  classes: 10,
  batchSize: 64,
  loss: "softmax-cross-entropy",
  optimizer: OPTIMIZER,
} as const;

/** Name of a standard step. */
export type StandardStep = "cnn" | "mlp" | "transformer";

/** Heads and hidden units of a block of this width, as GPT-2 has them. */
const block = (width: number) =>
  ({ type: "transformer-block", heads: width / 64, hidden: 4 * width }) as const;

/**
 * Handwritten digits by two convolutions, and by two dense layers, batches of 64; text by letters,
 * 128 of them, batches of 8, through four layers 256 wide.
 */
export const STANDARD_STEPS: Readonly<Record<StandardStep, ModelConfig>> = {
  cnn: {
    ...IMAGE,
    layers: [
      { type: "conv2d", filters: 16, kernel: 3, activation: "relu" },
      { type: "max-pool", size: 2 },
      { type: "conv2d", filters: 32, kernel: 3, activation: "relu" },
      { type: "max-pool", size: 2 },
      { type: "flatten" },
      { type: "dense", units: 10, activation: "none" },
    ],
  },
  mlp: {
    ...IMAGE,
    layers: [
      { type: "flatten" },
      { type: "dense", units: 256, activation: "relu" },
      { type: "dense", units: 10, activation: "none" },
    ],
  },
  transformer: {
    input: { tokens: 128 },
    classes: 128,
    batchSize: 8,
    layers: [
      { type: "embedding", width: 256, positions: "learned" },
      block(256),
      block(256),
      block(256),
      block(256),
      { type: "layer-norm" },
      { type: "token-head", tied: true },
    ],
    loss: "softmax-cross-entropy",
    optimizer: { ...OPTIMIZER, beta2: 0.95, weightDecay: 0.1 },
  },
};

/** A standard step on a device, ready to run. */
export interface OpenStep {
  readonly program: Program;
  readonly session: EngineSession;
  readonly batch: Uint8Array;
}

/**
 * Bytes that look like a batch of images: mostly dark, each label as often as the others; of a
 * model that reads tokens (of one byte), any of them.
 */
export function standardBatch({ input, classes, batchSize }: ModelConfig): Uint8Array {
  const features = featureCount(input);
  const batch = new Uint8Array(batchSize * (features + 1));
  let word = 1;
  for (let at = 0; at < batch.length; at += 1) {
    word = (Math.imul(word, 1664525) + 1013904223) | 0;
    if ("tokens" in input) {
      batch[at] = (word >>> 16) % classes;
      continue;
    }
    const isLabel = at % (features + 1) === features;
    if (isLabel) batch[at] = Math.floor(at / (features + 1)) % classes;
    else batch[at] = word >>> 30 === 0 ? (word >>> 16) & 0xff : 0;
  }
  return batch;
}

/** Opens a standard step from a fixed start. */
export async function openStandardStep(
  backend: EngineBackend,
  model: ModelConfig,
): Promise<OpenStep> {
  const compiled = compileTraining(model);
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  const program = compiled.value;
  const session = await backend.open(encodeProgram(program));
  for (const [index, values] of initialStates(new Uint8Array(32), program).entries()) {
    await session.upload(index, values);
  }
  return { program, session, batch: standardBatch(model) };
}
