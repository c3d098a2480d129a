import { describe, expect, it } from "vitest";
import {
  ReferenceBackend,
  compileEvaluation,
  compileTraining,
  encodeProgram,
  initialStates,
  sampleBytes,
  stateMapping,
} from "../../../src-main/engine/index.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import type { ModelConfig, Program } from "../../../src-main/engine/index.ts";
import { checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { allValues, differenceOf, variants } from "./cases.ts";

/** A small text whose next letter can be learned. */
const TEXT = new TextEncoder().encode(
  "the cat sat on the mat and the rat sat on the hat; ".repeat(12),
);

const TOKENS = 12;

const GPT: ModelConfig = {
  input: { tokens: TOKENS },
  classes: 128,
  batchSize: 4,
  layers: [
    { type: "embedding", width: 24, positions: "learned" },
    { type: "transformer-block", heads: 3, hidden: 40 },
    { type: "transformer-block", heads: 2, hidden: 33 },
    { type: "layer-norm" },
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
};

/** The other choices a model of text has. */
const OTHER: ModelConfig = {
  ...GPT,
  classes: 300,
  layers: [
    { type: "embedding", width: 16, positions: "rotary" },
    { type: "dropout", rate: 0.1 },
    { type: "transformer-block", heads: 2, hidden: 20 },
    { type: "rms-norm" },
    { type: "token-head", tied: false },
  ],
  clipNorm: 0.5,
  accumulate: 2,
};

const IMAGES: ModelConfig = {
  ...GPT,
  input: { height: 7, width: 9, channels: 2 },
  classes: 4,
  batchSize: 6,
  layers: [
    { type: "conv2d", filters: 5, kernel: 3, activation: "none" },
    { type: "batch-norm", momentum: 0.9 },
    { type: "relu" },
    { type: "average-pool", size: 2 },
    { type: "flatten" },
    { type: "dense", units: 11, activation: "silu" },
    { type: "dropout", rate: 0.25 },
    { type: "dense", units: 9, activation: "tanh" },
    { type: "dense", units: 9, activation: "sigmoid" },
    { type: "dense", units: 9, activation: "gelu" },
    { type: "dense", units: 4, activation: "none" },
  ],
  clipNorm: 1,
};

function compiled(outcome: ReturnType<typeof compileTraining>): Program {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value;
}

const seed = new Uint8Array(32).fill(9);

/** Windows of the text at places drawn from the step; of images, bytes and labels. */
function batchOf(model: ModelConfig, step: number): Uint8Array {
  const random = checkRandom(step);
  const size = sampleBytes(model);
  const batch = new Uint8Array(model.batchSize * size);
  const isWide = size === 2 * (TOKENS + 1);
  for (let first = 0; first < batch.length; first += size) {
    const place = random.below(TEXT.length - TOKENS - 1);
    for (let i = 0; i < size; i += 1) {
      if (!("tokens" in model.input)) batch[first + i] = random.below(i === size - 1 ? 4 : 256);
      else if (!isWide) batch[first + i] = TEXT[place + i];
      else if (i % 2 === 0) batch[first + i] = TEXT[place + i / 2];
    }
  }
  return batch;
}

/** All states after `steps` steps and the loss of each of them. */
async function train(backend: EngineBackend, model: ModelConfig, steps: number) {
  const program = compiled(compileTraining(model));
  const session = await backend.open(encodeProgram(program));
  for (const [index, values] of initialStates(seed, program).entries()) {
    await session.upload(index, values);
  }
  const losses: number[] = [];
  for (let step = 1; step <= steps; step += 1) {
    await session.run(step, batchOf(model, step));
    losses.push((await session.output(0))[0]);
  }
  const states: Float32Array[] = [];
  for (let i = 0; i < program.states.length; i += 1) states.push(await session.download(i));
  const values = await allValues(session, program);
  session.close();
  return { losses, states, values };
}

const MODELS: readonly (readonly [string, ModelConfig, number])[] = [
  ["a GPT-style model", GPT, 20],
  ["a GPT-style model in 8 bits", { ...GPT, profile: "I8" }, 4],
  ["rotary positions, RMS norm, dropout, clipping and two parts a batch", OTHER, 6],
  ["images with batch norm, average pool, dropout and every activation", IMAGES, 6],
];

describe("training of sequence models", () => {
  it.each(MODELS)("gives equal bytes on each variant: %s", async (_name, model, steps) => {
    const expected = await train(new ReferenceBackend(), model, steps);
    for (const backend of variants) {
      const given = await train(backend, model, steps);
      expect(given.losses).toEqual(expected.losses);
      for (const part of ["states", "values"] as const) {
        const found = given[part].map((values, i) =>
          differenceOf(values, expected[part][i], `${backend.variant}, ${part} ${i}`),
        );
        expect(found.filter((difference) => difference !== undefined)).toEqual([]);
      }
    }
  });

  it("learns a small text: the loss of 150 steps falls below a third", async () => {
    const { losses } = await train(variants[variants.length - 1], GPT, 150);
    expect(losses[0]).toBeGreaterThan(4);
    expect(losses[149]).toBeLessThan(losses[0] / 3);
  });
});

describe("the programs of sequence models", () => {
  it.each(MODELS)("look as they train, from the same states by name: %s", (_name, model) => {
    const training = compiled(compileTraining(model));
    const evaluation = compiled(compileEvaluation(model));
    const mapping = stateMapping(training, evaluation);
    expect(mapping.map((index) => training.states[index])).toEqual(evaluation.states);
    expect(evaluation.updates).toEqual([]);
    expect(evaluation.ops.some(({ op }) => op === "dropout-mask")).toBe(false);
  });

  it("keep running statistics beside what is trained", async () => {
    const program = compiled(compileTraining(IMAGES));
    const { states } = await train(new ReferenceBackend(), IMAGES, 2);
    const at = (name: string) => program.states.findIndex((state) => state.name === name);
    expect(states[at("layer-1/running-mean")].some((value) => value !== 0)).toBe(true);
    expect(states[at("layer-1/running-variance")].some((value) => value !== 1)).toBe(true);
    const key = at("dropout/key");
    expect(states[key]).toEqual(initialStates(seed, program)[key]);
  });

  it("are refused where layers do not fit together", () => {
    const ruleOf = (layers: ModelConfig["layers"], change: Partial<ModelConfig> = {}) => {
      const outcome: Outcome<Program> = compileTraining({ ...GPT, layers, ...change });
      return outcome.ok
        ? "accepted"
        : `${outcome.rejection.code} ${outcome.rejection.facts?.["layer"]}`;
    };
    const [embedding, block, , norm, head] = GPT.layers;
    expect(ruleOf([embedding, block, norm, head])).toBe("accepted");
    expect(ruleOf([block, head])).toBe("ENGINE_MODEL_SHAPE 0");
    expect(ruleOf([embedding, { type: "transformer-block", heads: 5, hidden: 8 }, head])).toBe(
      "ENGINE_MODEL_SHAPE 1",
    );
    expect(ruleOf([embedding, block])).toBe("ENGINE_MODEL_SHAPE 1");
    expect(ruleOf([embedding, embedding, head])).toBe("ENGINE_MODEL_SHAPE 1");
    expect(ruleOf([{ type: "dense", units: 128, activation: "none" }])).toBe(
      "ENGINE_MODEL_SHAPE 0",
    );
    expect(ruleOf(IMAGES.layers, { ...IMAGES, accumulate: 2 })).toBe("ENGINE_MODEL_SHAPE 1");
  });
});
