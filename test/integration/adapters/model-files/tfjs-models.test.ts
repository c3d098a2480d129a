import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  exportModel,
  importModel,
  trainedStates,
} from "../../../../src-main/adapters/model-files/index.ts";
import {
  ReferenceBackend,
  compileTraining,
  encodeProgram,
  encodeState,
  initialStates,
} from "../../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../../src-main/engine/index.ts";
import {
  classesOf,
  distance,
  images,
  loadFrom,
  ourChances,
  saveTo,
  stir,
  temporaryFolders,
  theirChances,
} from "./tfjs-parts.ts";

/**
 * Chances may lie this far apart: operands of products have 14 bits here, 24 there, which moves
 * logits of a few layers by some 2^-12 of the largest.
 */
const CHANCE_BOUND = 5e-4;

const SAMPLES = 12;
const { layers } = tf;

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});

const folders = temporaryFolders();
afterAll(() => folders.remove());

function convolutions(): tf.LayersModel {
  const model = tf.sequential();
  const valid = { filters: 6, kernelSize: 4, activation: "relu" as const };
  model.add(layers.conv2d({ inputShape: [11, 12, 2], ...valid }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.batchNormalization());
  model.add(
    layers.conv2d({ filters: 5, kernelSize: 2, strides: 2, padding: "same", activation: "swish" }),
  );
  model.add(layers.flatten());
  model.add(layers.dropout({ rate: 0.4 }));
  model.add(layers.dense({ units: 7, activation: "tanh" }));
  model.add(layers.layerNormalization());
  model.add(layers.dense({ units: 4, activation: "softmax" }));
  return model;
}

function residuals(): tf.LayersModel {
  const input = tf.input({ shape: [11, 12, 2] });
  const normed = (from: tf.SymbolicTensor, strides: number) => {
    const options = { filters: 6, kernelSize: 3, strides, padding: "same" as const };
    const made = layers.conv2d({ ...options, useBias: false }).apply(from);
    return layers.batchNormalization().apply(made) as tf.SymbolicTensor;
  };
  const first = layers.reLU().apply(normed(input, 2)) as tf.SymbolicTensor;
  const body = normed(
    layers.activation({ activation: "gelu" }).apply(normed(first, 2)) as tf.SymbolicTensor,
    1,
  );
  const shortcut = layers.conv2d({ filters: 6, kernelSize: 1, strides: 2 }).apply(first);
  const sum = layers.add().apply([shortcut as tf.SymbolicTensor, body]);
  const pooled = layers
    .globalAveragePooling2d({})
    .apply(layers.activation({ activation: "sigmoid" }).apply(sum));
  const scores = layers.dense({ units: 5 }).apply(pooled);
  const outputs = layers.softmax().apply(scores) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs });
}

const MODELS: readonly (readonly [string, () => tf.LayersModel])[] = [
  ["a chain of convolutions", convolutions],
  ["residuals with projections", residuals],
];

describe("models of TensorFlow.js", () => {
  it.each(MODELS)("answer here as there, and there again: %s", async (_name, make) => {
    const theirs = make();
    stir(theirs, 2);
    const folder = folders.add();
    await saveTo(folder, theirs);
    const imported = importModel(folder);
    if (!imported.ok || imported.value.states === null) throw new Error(JSON.stringify(imported));
    const { model, states } = imported.value;
    const { batch, numbers } = images(SAMPLES, 11 * 12 * 2, 3);
    const there = theirChances(theirs, numbers, [SAMPLES, 11, 12, 2]);
    const here = await ourChances(model, states, batch, SAMPLES);
    expect(distance(here, there)).toBeLessThan(CHANCE_BOUND);
    // Different samples have different answers, so that nearness means something.
    expect(distance(there.subarray(0, 4), there.subarray(4, 8))).toBeGreaterThan(CHANCE_BOUND);
    const back = folders.add();
    expect(exportModel(back, model, states, { generatedBy: "test", metadata: {} }).ok).toBe(true);
    const again = theirChances(await loadFrom(back), numbers, [SAMPLES, 11, 12, 2]);
    expect(distance(again, there)).toBeLessThan(1e-6);
  });

  it("of tokens answer each position alike", async () => {
    const theirs = tf.sequential();
    theirs.add(
      layers.embedding({ inputDim: 9, outputDim: 5, inputLength: 6, batchInputShape: [null, 6] }),
    );
    theirs.add(layers.layerNormalization());
    theirs.add(layers.dense({ units: 8, activation: "gelu" as "relu" }));
    theirs.add(layers.dense({ units: 9, activation: "softmax" }));
    stir(theirs, 2);
    const folder = folders.add();
    await saveTo(folder, theirs);
    const imported = importModel(folder);
    if (!imported.ok || imported.value.states === null) throw new Error(JSON.stringify(imported));
    const { model, states } = imported.value;
    const tokens = Uint8Array.from({ length: 14 }, (_, at) => (at * 5) % 9);
    const there = theirChances(
      theirs,
      Float32Array.from([...tokens.subarray(0, 6), ...tokens.subarray(7, 13)]),
      [2, 6],
    );
    expect(distance(await ourChances(model, states, tokens, 2), there)).toBeLessThan(CHANCE_BOUND);
  });

  it("say the same classes of what was trained here", async () => {
    const model: ModelConfig = {
      input: { height: 6, width: 5, channels: 1 },
      classes: 3,
      batchSize: 24,
      layers: [
        { type: "conv2d", filters: 5, kernel: 3, bias: false, activation: "none" },
        { type: "batch-norm", momentum: 0.8 },
        { type: "relu" },
        { type: "residual-block", filters: 6, stride: 2, norm: "batch" },
        { type: "dropout", rate: 0.1 },
        { type: "global-average-pool" },
        { type: "dense", units: 3, activation: "none" },
      ],
      loss: "softmax-cross-entropy",
      optimizer: { type: "sgd-momentum", momentum: 0.9, schedule: [{ step: 1, rate: 0.05 }] },
    };
    const program = compileTraining(model);
    if (!program.ok) throw new Error(program.rejection.code);
    const session = await new ReferenceBackend().open(encodeProgram(program.value));
    for (const [at, values] of initialStates(new Uint8Array(32).fill(4), program.value).entries()) {
      await session.upload(at, values);
    }
    const labelled = (seed: number) => {
      const { batch, numbers } = images(24, 30, seed);
      for (let sample = 0; sample < 24; sample += 1) {
        // The class is where an image is bright: above, below or nowhere.
        const label = sample % 3;
        batch[sample * 31 + 30] = label;
        for (let pixel = 0; pixel < 30; pixel += 1) {
          const isBright = label < 2 && Math.floor(pixel / 15) === label;
          const byte = (batch[sample * 31 + pixel] >> 1) + (isBright ? 128 : 0);
          batch[sample * 31 + pixel] = byte;
          numbers[sample * 30 + pixel] = byte / 255;
        }
      }
      return { batch, numbers };
    };
    for (let step = 1; step <= 60; step += 1) await session.run(step, labelled(step).batch);
    const trained: Float32Array[] = [];
    for (const at of program.value.states.keys()) trained.push(await session.download(at));
    session.close();
    const states = trainedStates(model, encodeState(program.value, trained), "memory");
    if (!states.ok) throw new Error(states.rejection.code);
    const folder = folders.add();
    const metadata = { classNames: ["above", "below", "nowhere"] };
    expect(exportModel(folder, model, states.value, { generatedBy: "test", metadata }).ok).toBe(
      true,
    );
    const { batch, numbers } = labelled(1_000);
    const there = theirChances(await loadFrom(folder), numbers, [24, 6, 5, 1]);
    const here = await ourChances(model, states.value, batch, 24);
    expect(distance(here, there)).toBeLessThan(CHANCE_BOUND);
    expect(classesOf(there, 3)).toEqual(classesOf(here, 3));
    const right = classesOf(there, 3).filter((found, sample) => found === sample % 3).length;
    expect(right).toBeGreaterThan(20);
  });
});
