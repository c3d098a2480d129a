/** Decides which models are trained on every backend, and what of it is compared. */
import { checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import {
  DIGITS_TINY,
  compileTraining,
  encodeProgram,
  featureCount,
  initialStates,
  sampleBytes,
  stateRoot,
} from "../../../src-main/engine/index.ts";
import type { ModelConfig, Program } from "../../../src-main/engine/index.ts";
import { noteOutputs } from "../../../src-main/miner/training/step-outputs.ts";
import type { ReadOutputs } from "../../../src-main/miner/training/step-outputs.ts";
import type { EngineBackend, EngineSession } from "../../../src-main/ports/engine-backend.ts";
import { windowLayers } from "../../worlds/conformance-models.ts";

const TEXT: ModelConfig = {
  input: { tokens: 8 },
  classes: 300,
  batchSize: 4,
  layers: [
    { type: "embedding", width: 16, positions: "rotary" },
    { type: "dropout", rate: 0.1 },
    { type: "transformer-block", heads: 2, hidden: 20 },
    { type: "rms-norm" },
    { type: "token-head", tied: true },
  ],
  loss: "softmax-cross-entropy",
  optimizer: {
    type: "adam-w",
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0.1,
    schedule: [{ step: 1, rate: 0.01 }],
  },
  clipNorm: 0.5,
  accumulate: 2,
};

const EIGHT_BITS: ModelConfig = {
  ...TEXT,
  input: { height: 7, width: 9, channels: 2 },
  classes: 4,
  batchSize: 6,
  profile: "I8",
  layers: [
    { type: "conv2d", filters: 5, kernel: 3, activation: "none" },
    { type: "batch-norm", momentum: 0.9 },
    { type: "relu" },
    { type: "average-pool", size: 2 },
    { type: "flatten" },
    { type: "dense", units: 9, activation: "silu" },
    { type: "dense", units: 9, activation: "tanh" },
    { type: "dense", units: 9, activation: "gelu" },
    { type: "dense", units: 4, activation: "none" },
  ],
  accumulate: 1,
};

const SMALL_WINDOWS: ModelConfig = {
  ...EIGHT_BITS,
  profile: "I14",
  layers: windowLayers(1, 4),
};

/** Models by name. */
export const MODELS: Readonly<Record<string, ModelConfig>> = {
  "digits-tiny": DIGITS_TINY,
  "a transformer with AdamW": TEXT,
  "a CNN of every curve in 8 bits": EIGHT_BITS,
  "a network of small windows": SMALL_WINDOWS,
};

const seed = new Uint8Array(32).fill(11);

/** The compiled program of a model. */
export function programOf(name: string): Program {
  const outcome = compileTraining(MODELS[name]);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value;
}

/** Samples of a step; labels and tokens within the classes. */
export function batchOf(name: string, step: number): Uint8Array {
  const { input, classes, batchSize } = MODELS[name];
  const random = checkRandom(step);
  const size = sampleBytes(MODELS[name]);
  const batch = new Uint8Array(batchSize * size);
  if ("tokens" in input) {
    const view = new DataView(batch.buffer);
    for (let at = 0; at < batch.length; at += 2) view.setUint16(at, random.below(classes), true);
    return batch;
  }
  const features = featureCount(input);
  for (let at = 0; at < batch.length; at += 1) {
    const isLabel = at % size === features;
    batch[at] = isLabel ? random.below(classes) : random.below(2) * random.below(256);
  }
  return batch;
}

/** The states that a model starts from, on the device. */
export async function uploadStart(session: EngineSession, program: Program): Promise<void> {
  for (const [index, values] of initialStates(seed, program).entries()) {
    await session.upload(index, values);
  }
}

/** The state root as the device holds it now, in hex. */
export async function rootOf(session: EngineSession, program: Program): Promise<string> {
  const states: Float32Array[] = [];
  for (let i = 0; i < program.states.length; i += 1) states.push(await session.download(i));
  return bytesToHex(stateRoot(sha256, program, states));
}

/**
 * What a training run left: the state root after each step, all op values of the last one, and the
 * losses as a worker reads them, each while the next step is at work.
 */
export interface TrainingRun {
  readonly roots: readonly string[];
  readonly losses: readonly Float32Array[];
  readonly values: readonly Float32Array[];
}

/**
 * Trains a model for some steps.
 * @param during  called while a step is under way
 */
export async function trainingRun(
  backend: EngineBackend,
  name: string,
  steps: number,
  during: (step: number) => void = () => undefined,
): Promise<TrainingRun> {
  const program = programOf(name);
  const session = await backend.open(encodeProgram(program));
  await uploadStart(session, program);
  const roots: string[] = [];
  const losses: Float32Array[] = [];
  let read: ReadOutputs | undefined;
  for (let step = 1; step <= steps; step += 1) {
    const running = session.run(step, batchOf(name, step));
    during(step);
    await running;
    if (read !== undefined) losses.push((await read())[0]);
    read = await noteOutputs(session, [0]);
    roots.push(await rootOf(session, program));
  }
  if (read !== undefined) losses.push((await read())[0]);
  const values: Float32Array[] = [];
  for (let op = 0; op < program.ops.length; op += 1) values.push(await session.value(op));
  session.close();
  return { roots, losses, values };
}
