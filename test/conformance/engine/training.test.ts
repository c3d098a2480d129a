import { describe, expect, it } from "vitest";
import {
  ReferenceBackend,
  compileTraining,
  encodeProgram,
  featureCount,
  initialStates,
} from "../../../src-main/engine/index.ts";
import type { ModelConfig, Program } from "../../../src-main/engine/index.ts";
import { checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { allValues, differenceOf, variants } from "./cases.ts";
import { windowLayers } from "../../worlds/conformance-models.ts";

const STEPS = 6;

const SMALL_CNN: ModelConfig = {
  input: { height: 10, width: 10, channels: 1 },
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
  optimizer: {
    type: "sgd-momentum",
    momentum: 0.9,
    schedule: [
      { step: 1, rate: 0.05 },
      { step: 4, rate: 0.01 },
    ],
  },
};

const ADAM_W: ModelConfig["optimizer"] = {
  type: "adam-w",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  schedule: [
    { step: 1, rate: 0.002 },
    { step: 4, rate: 0.001 },
  ],
};

const SMALL_MLP: ModelConfig = {
  ...SMALL_CNN,
  input: { features: 33 },
  layers: [
    { type: "dense", units: 19, activation: "relu" },
    { type: "dense", units: 16, activation: "none" },
    { type: "dense", units: 5, activation: "none" },
  ],
  optimizer: ADAM_W,
};

/** Stages that halve an odd-sided image, both norms, a projection, and a residual of its own. */
const SMALL_RESNET: ModelConfig = {
  ...SMALL_CNN,
  input: { height: 9, width: 11, channels: 2 },
  layers: [
    { type: "conv2d", filters: 5, kernel: 3, stride: 2, bias: false, activation: "none" },
    { type: "batch-norm", momentum: 0.9 },
    { type: "relu" },
    { type: "residual-block", filters: 5, norm: "batch" },
    { type: "residual-block", filters: 8, stride: 2, norm: "none" },
    {
      type: "residual",
      layers: [
        { type: "conv2d", filters: 4, kernel: 1, activation: "gelu" },
        { type: "conv2d", filters: 6, kernel: 2, padding: "valid", activation: "none" },
      ],
      shortcut: [{ type: "conv2d", filters: 6, kernel: 2, padding: "valid", activation: "silu" }],
    },
    { type: "layer-norm", epsilon: 0.001 },
    { type: "global-average-pool" },
    { type: "dense", units: 5, bias: false, activation: "none" },
  ],
};

const SMALL_MOBILE: ModelConfig = {
  ...SMALL_CNN,
  input: { height: 9, width: 11, channels: 2 },
  layers: windowLayers(2, 5),
};

const MODELS = {
  "a network of small windows": SMALL_MOBILE,
  "a CNN with momentum": SMALL_CNN,
  "a CNN with AdamW": { ...SMALL_CNN, optimizer: ADAM_W },
  "a ResNet": SMALL_RESNET,
  "a ResNet with AdamW in 8 bits": { ...SMALL_RESNET, optimizer: ADAM_W, profile: "I8" },
  "a CNN in 8 bits": { ...SMALL_CNN, profile: "I8" },
  "an MLP with AdamW on f32 features": SMALL_MLP,
  "an MLP with AdamW in 8 bits": { ...SMALL_MLP, profile: "I8" },
} as const satisfies Readonly<Record<string, ModelConfig>>;

function compiled(model: ModelConfig): Program {
  const outcome = compileTraining(model);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value;
}

/** Bytes half of which are zero, or f32 between −2 and 2; labels within the classes. */
function batchOf({ input, batchSize }: ModelConfig, step: number): Uint8Array {
  const random = checkRandom(step);
  const count = featureCount(input);
  const isTable = "features" in input;
  const size = isTable ? 4 * count + 1 : count + 1;
  const batch = new Uint8Array(batchSize * size);
  const view = new DataView(batch.buffer);
  for (let first = 0; first < batch.length; first += size) {
    for (let i = 0; i < count; i += 1) {
      if (isTable) view.setFloat32(first + 4 * i, random.below(4_001) / 1_000 - 2, true);
      else batch[first + i] = random.below(2) * random.below(256);
    }
    batch[first + size - 1] = random.below(5);
  }
  return batch;
}

const seed = new Uint8Array(32).fill(7);

/** All state tensors after STEPS steps, then every op's value in the last one. */
async function train(backend: EngineBackend, model: ModelConfig): Promise<readonly Float32Array[]> {
  const program = compiled(model);
  const session = await backend.open(encodeProgram(program));
  for (const [index, values] of initialStates(seed, program).entries()) {
    await session.upload(index, values);
  }
  for (let step = 1; step <= STEPS; step += 1) await session.run(step, batchOf(model, step));
  const found: Float32Array[] = [];
  for (let i = 0; i < program.states.length; i += 1) found.push(await session.download(i));
  found.push(...(await allValues(session, program)));
  session.close();
  return found;
}

describe.each(Object.entries<ModelConfig>(MODELS))("training %s", (_name, model) => {
  it("gives equal states and equal values of every op on each variant", async () => {
    const expected = await train(new ReferenceBackend(), model);
    for (const backend of variants) {
      const given = await train(backend, model);
      const found = given.map((values, i) =>
        differenceOf(values, expected[i], `${backend.variant}, tensor ${i}`),
      );
      expect(found.filter((difference) => difference !== undefined)).toEqual([]);
    }
  });

  it("moves the states, so that equality means something", async () => {
    const after = await train(variants[0], model);
    const before = initialStates(seed, compiled(model));
    expect(before.every((values, i) => differenceOf(after[i], values, "") !== undefined)).toBe(
      true,
    );
  });
});

describe("the profile of a model", () => {
  it("changes every trained tensor, so that a job's choice is one", async () => {
    const exact = await train(new ReferenceBackend(), SMALL_MLP);
    const coarse = await train(new ReferenceBackend(), { ...SMALL_MLP, profile: "I8" });
    const weights = compiled(SMALL_MLP).states.flatMap(({ name }, i) =>
      name.endsWith("/weights") ? [i] : [],
    );
    expect(weights.every((i) => differenceOf(coarse[i], exact[i], "") !== undefined)).toBe(true);
  });
});
