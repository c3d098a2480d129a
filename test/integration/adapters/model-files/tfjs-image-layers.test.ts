import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportModel, importModel } from "../../../../src-main/adapters/model-files/index.ts";
import { keras3, weightName3 } from "../../../generators/keras3-document.ts";
import {
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
 * Chances may lie this far apart: an operand of a product is rounded to 14 bits of its group's
 * largest, 2^-14 of it at most, and a logit sums two such operands through four layers of weights:
 * 8 · 2^-14 of logits of about 1. Their chances move by a quarter of that, p·(1 − p) ≤ 1/4:
 * 1.2e-4, and four times that for logits of up to 4. What has no products (pads, pools, joins) is
 * exact, but for relu6 and means (2^-22).
 */
const CHANCE_BOUND = 5e-4;

const SAMPLES = 6;
const SHAPE = [13, 12, 2] as const;
const PIXELS = 13 * 12 * 2;
const { layers } = tf;

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});

const folders = temporaryFolders();
afterAll(() => folders.remove());

function mobile(): tf.LayersModel {
  const model = tf.sequential();
  const padding: [[number, number], [number, number]] = [
    [0, 1],
    [2, 0],
  ];
  model.add(layers.zeroPadding2d({ inputShape: [...SHAPE], padding }));
  model.add(layers.conv2d({ filters: 5, kernelSize: 3, useBias: false }));
  model.add(layers.batchNormalization());
  model.add(layers.reLU({ maxValue: 6 }));
  model.add(
    layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: "same", depthMultiplier: 2 }),
  );
  model.add(layers.leakyReLU({ alpha: 0.2 }));
  model.add(layers.separableConv2d({ filters: 6, kernelSize: 2, padding: "same" }));
  model.add(layers.activation({ activation: "relu6" }));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 4, activation: "softmax" }));
  return model;
}

function pools(): tf.LayersModel {
  const model = tf.sequential();
  const same = { padding: "same" as const };
  model.add(layers.conv2d({ inputShape: [...SHAPE], filters: 6, kernelSize: 3 }));
  model.add(layers.maxPooling2d({ poolSize: 3, strides: 2, ...same }));
  model.add(layers.leakyReLU());
  model.add(layers.averagePooling2d({ poolSize: 3, strides: 1, ...same }));
  model.add(
    layers.cropping2D({
      cropping: [
        [1, 0],
        [0, 2],
      ],
    }),
  );
  model.add(layers.averagePooling2d({ poolSize: 2, strides: 1 }));
  model.add(layers.globalMaxPooling2d({}));
  model.add(layers.dense({ units: 4, activation: "softmax" }));
  return model;
}

/** Three ways of different widths; the join takes them in another order than they part. */
function inception(): tf.LayersModel {
  const input = tf.input({ shape: [...SHAPE] });
  const conv = (from: tf.SymbolicTensor, filters: number, kernelSize: number) => {
    const options = { filters, kernelSize, padding: "same" as const, activation: "relu" as const };
    return layers.conv2d(options).apply(from) as tf.SymbolicTensor;
  };
  const first = layers.maxPooling2d({ poolSize: 2 }).apply(conv(input, 4, 3)) as tf.SymbolicTensor;
  const one = conv(first, 3, 1);
  const two = conv(conv(first, 2, 1), 3, 3);
  const pooled = layers.maxPooling2d({ poolSize: 3, strides: 1, padding: "same" }).apply(first);
  const three = conv(pooled as tf.SymbolicTensor, 3, 1);
  const joined = layers.concatenate().apply([three, one, two]) as tf.SymbolicTensor;
  const dense = layers.concatenate({ axis: 3 }).apply([conv(joined, 4, 3), joined]);
  const mean = layers.globalAveragePooling2d({}).apply(dense);
  const outputs = layers.dense({ units: 4, activation: "softmax" }).apply(mean);
  return tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor });
}

/** A base and a head, as who goes on training a model has them; its end is one chance. */
function transferred(): tf.LayersModel {
  const input = tf.input({ shape: [...SHAPE] });
  const conv = layers.conv2d({ filters: 2, kernelSize: 3, padding: "same", activation: "tanh" });
  const sum = layers.add().apply([conv.apply(input) as tf.SymbolicTensor, input]);
  const base = tf.model({ inputs: input, outputs: sum as tf.SymbolicTensor });
  const model = tf.sequential();
  model.add(base);
  model.add(layers.averagePooling2d({ poolSize: 3 }));
  const head = tf.sequential();
  head.add(layers.flatten({ inputShape: [4, 4, 2] }));
  head.add(layers.dense({ units: 5, activation: "relu" }));
  model.add(head);
  model.add(layers.dense({ units: 1, activation: "sigmoid" }));
  return model;
}

interface Document {
  modelTopology: unknown;
  weightsManifest: [{ weights: { name: string }[] }];
}

/** Writes the document of a folder anew. */
function change(folder: string, by: (document: Document) => void): void {
  const path = join(folder, "model.json");
  const document = JSON.parse(readFileSync(path, "utf8")) as Document;
  by(document);
  writeFileSync(path, JSON.stringify(document));
}

/** Our chances of a folder's model. */
async function chancesOf(folder: string, batch: Uint8Array) {
  const imported = importModel(folder);
  if (!imported.ok || imported.value.states === null) throw new Error(JSON.stringify(imported));
  const { model, states } = imported.value;
  return { model, states, chances: await ourChances(model, states, batch, SAMPLES) };
}

const MODELS: readonly (readonly [string, () => tf.LayersModel])[] = [
  ["depthwise and separable convolutions, zeros around", mobile],
  ["pools that overlap", pools],
  ["ways that are joined side by side", inception],
];

describe("models of TensorFlow.js with more layers over images", () => {
  it.each(MODELS)("answer here as there, also in the form of Keras 3: %s", async (_name, make) => {
    const theirs = make();
    stir(theirs, 2);
    const folder = folders.add();
    await saveTo(folder, theirs);
    const { batch, numbers } = images(SAMPLES, PIXELS, 9);
    const there = theirChances(theirs, numbers, [SAMPLES, ...SHAPE]);
    const { model, states, chances } = await chancesOf(folder, batch);
    expect(distance(chances, there)).toBeLessThan(CHANCE_BOUND);
    // Different samples have different answers, so that nearness means something.
    expect(distance(there.subarray(0, 4), there.subarray(4, 8))).toBeGreaterThan(CHANCE_BOUND);
    const back = folders.add();
    const exported = exportModel(back, model, states, { generatedBy: "test", metadata: {} });
    expect(exported.ok).toBe(true);
    const again = theirChances(await loadFrom(back), numbers, [SAMPLES, ...SHAPE]);
    expect(distance(again, there)).toBeLessThan(1e-6);
    change(folder, (document) => {
      document.modelTopology = keras3(document.modelTopology);
      for (const weight of document.weightsManifest[0].weights) {
        weight.name = weightName3(weight.name);
      }
    });
    expect((await chancesOf(folder, batch)).chances).toEqual(chances);
  });

  it("answer here as there with models within a model and one chance as the answer", async () => {
    const theirs = transferred();
    stir(theirs, 2);
    const folder = folders.add();
    await saveTo(folder, theirs);
    const { batch, numbers } = images(SAMPLES, PIXELS, 9);
    const there = theirChances(theirs, numbers, [SAMPLES, ...SHAPE]);
    const { model, states, chances } = await chancesOf(folder, batch);
    const second = chances.filter((_, at) => at % 2 === 1);
    expect(distance(second, there)).toBeLessThan(CHANCE_BOUND);
    expect(Math.max(...there) - Math.min(...there)).toBeGreaterThan(10 * CHANCE_BOUND);
    const back = folders.add();
    expect(exportModel(back, model, states, { generatedBy: "test", metadata: {} }).ok).toBe(true);
    const again = theirChances(await loadFrom(back), numbers, [SAMPLES, ...SHAPE]);
    const both = again.filter((_, at) => at % 2 === 1);
    expect(distance(both, there)).toBeLessThan(1e-6);
  });

  it.each([
    [
      "zeros on the other side",
      mobile,
      (text: string) => text.replace('"padding":[[0,1],[2,0]]', '"padding":[[1,0],[0,2]]'),
    ],
    [
      "ways joined in another order",
      inception,
      (text: string) => {
        const inbound =
          /("class_name":"Concatenate".*?"inbound_nodes":\[\[)(.*?),(\[.*?\]),(\[.*?\])\]\]/;
        return text.replace(inbound, "$1$3,$2,$4]]");
      },
    ],
  ])("answer otherwise with %s", async (_name, make, by) => {
    const theirs = make();
    stir(theirs, 2);
    const folder = folders.add();
    await saveTo(folder, theirs);
    const { batch } = images(SAMPLES, PIXELS, 9);
    const { chances } = await chancesOf(folder, batch);
    change(folder, (document) => {
      const text = JSON.stringify(document.modelTopology);
      expect(by(text)).not.toBe(text);
      document.modelTopology = JSON.parse(by(text)) as unknown;
    });
    const other = (await chancesOf(folder, batch)).chances;
    expect(distance(other, chances)).toBeGreaterThan(10 * CHANCE_BOUND);
  });
});
