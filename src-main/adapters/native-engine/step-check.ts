/**
 * Decides how whole steps are put to the test at start-up: a backend may run several ops as one
 * kernel, which programs of single ops never reach. Two trainings small enough for the reference.
 */
import {
  ReferenceBackend,
  compileTraining,
  encodeProgram,
  initialStates,
  sampleBytes,
} from "../../engine/index.ts";
import { invariant } from "../../contract/outcome.ts";
import type { ModelConfig } from "../../engine/index.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";
import { checkRandom } from "./check-random.ts";

const COMMON = {
  loss: "softmax-cross-entropy",
  optimizer: {
    type: "adam-w",
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0.1,
    schedule: [{ step: 1, rate: 0.01 }],
  },
} as const;

/** Sizes that fill no tile evenly; the first letters of what is fused: norms, attention, GELU. */
const MODELS: Readonly<Record<string, ModelConfig>> = {
  transformer: {
    ...COMMON,
    input: { tokens: 9 },
    classes: 40,
    batchSize: 2,
    layers: [
      { type: "embedding", width: 20, positions: "rotary" },
      { type: "dropout", rate: 0.1 },
      { type: "transformer-block", heads: 2, hidden: 33 },
      { type: "layer-norm" },
      { type: "token-head", tied: true },
    ],
    clipNorm: 0.5,
  },
  CNN: {
    ...COMMON,
    input: { height: 7, width: 6, channels: 2 },
    classes: 3,
    batchSize: 3,
    layers: [
      { type: "conv2d", filters: 5, kernel: 3, activation: "none" },
      { type: "batch-norm", momentum: 0.9 },
      { type: "relu" },
      { type: "max-pool", size: 2 },
      { type: "flatten" },
      { type: "dense", units: 17, activation: "silu" },
      { type: "dense", units: 3, activation: "none" },
    ],
  },
};

/** Names of what is trained. */
export const checkedSteps: readonly string[] = Object.keys(MODELS);

/** Two, because the second begins with what the first has left in states and memory. */
const STEPS = 2;

const SEED = new Uint8Array(32).fill(5);

/** Bytes that are tokens or pixels, and labels within the classes. */
function batchOf(model: ModelConfig, step: number): Uint8Array {
  const random = checkRandom(step);
  const size = sampleBytes(model);
  const limit = "tokens" in model.input ? model.classes : 256;
  return Uint8Array.from({ length: model.batchSize * size }, (_, at) => {
    return random.below(at % size === size - 1 ? model.classes : limit);
  });
}

async function statesAfter(backend: EngineBackend, name: string): Promise<readonly Float32Array[]> {
  const model = MODELS[name];
  const program = compileTraining(model);
  invariant(program.ok, "the models of the check are models");
  const session = await backend.open(encodeProgram(program.value));
  try {
    for (const [index, values] of initialStates(SEED, program.value).entries()) {
      await session.upload(index, values);
    }
    for (let step = 1; step <= STEPS; step += 1) await session.run(step, batchOf(model, step));
    const states: Float32Array[] = [];
    for (const index of program.value.states.keys()) states.push(await session.download(index));
    return states;
  } finally {
    session.close();
  }
}

/** Pairs of states after some steps, the backend's and the reference's. */
export async function stepStates(backend: EngineBackend, name: string) {
  const expected = await statesAfter(new ReferenceBackend(), name);
  const given = await statesAfter(backend, name);
  return given.map((values, index) => [values, expected[index]] as const);
}
