import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keras3, weightName3 } from "../../generators/keras3-document.ts";
import { digits, writeIdx } from "../../worlds/own-data-files.ts";
import type { Sample } from "../../worlds/own-data-files.ts";
import {
  classesOf,
  loadFrom,
  saveTo,
  stir,
  theirChances,
} from "../adapters/model-files/tfjs-parts.ts";
import { TestHome } from "./run-vivian.ts";

const home = new TestHome();
const at = (...parts: readonly string[]) => join(home.root, ...parts);
const { layers } = tf;

/** A small network as MobileNet is made, over digits. */
function mobile(): tf.LayersModel {
  const model = tf.sequential();
  const padding: [[number, number], [number, number]] = [
    [0, 1],
    [0, 1],
  ];
  model.add(layers.zeroPadding2d({ inputShape: [28, 28, 1], padding }));
  model.add(layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, useBias: false }));
  model.add(layers.batchNormalization({ momentum: 0.9 }));
  model.add(layers.reLU({ maxValue: 6 }));
  model.add(layers.depthwiseConv2d({ kernelSize: 3, padding: "same", depthMultiplier: 2 }));
  model.add(layers.reLU({ maxValue: 6 }));
  model.add(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  return model;
}

/** The answers of TensorFlow.js to all images that `writeIdx` wrote, and how many are right. */
function rightOf(model: tf.LayersModel, samples: readonly Sample[]): number {
  const numbers = Float32Array.from(
    samples.flatMap(({ pixels }) => Array.from(pixels, (byte) => byte / 255)),
  );
  const found = classesOf(theirChances(model, numbers, [samples.length, 28, 28, 1]), 10);
  return found.filter((label, at) => label === samples[at].label).length;
}

const DATA = digits(20);
let theirs: tf.LayersModel;

beforeAll(async () => {
  await tf.setBackend("cpu");
  mkdirSync(at("own"));
  mkdirSync(at("saved"));
  mkdirSync(at("keras3"));
  writeIdx(at("own"), "train", DATA);
  theirs = mobile();
  stir(theirs, 2);
  await saveTo(at("saved"), theirs);
  const document = JSON.parse(readFileSync(at("saved", "model.json"), "utf8")) as {
    modelTopology: unknown;
    weightsManifest: [{ paths: string[]; weights: { name: string }[] }];
  };
  const [{ paths, weights }] = document.weightsManifest;
  const named = weights.map((weight) => ({ ...weight, name: weightName3(weight.name) }));
  for (const path of paths) {
    writeFileSync(at("keras3", path), readFileSync(at("saved", path)));
  }
  const changed = {
    ...document,
    modelTopology: keras3(document.modelTopology),
    weightsManifest: [{ paths, weights: named }],
  };
  writeFileSync(at("keras3", "model.json"), JSON.stringify(changed));
});
afterAll(() => home.remove());

const json = async (...words: readonly string[]) => {
  const ran = await home.run([...words, "--json"]);
  return { code: ran.code, answer: JSON.parse(ran.stdout) as Record<string, unknown> };
};

describe("a network that TensorFlow.js made", () => {
  it("is imported from both forms and judged as TensorFlow.js judges it", async () => {
    const imported = await home.run(["model", "import", at("saved"), "--to", at("m.json")]);
    expect(imported).toMatchObject({ code: 0, stderr: "" });
    expect(imported.stdout).toContain("Takes images of 28 × 28 × 1 in 10 classes");
    expect((await json("model", "import", at("keras3"), "--to", at("k.json"))).code).toBe(0);
    for (const file of [".json", ".weights.bin"]) {
      expect(readFileSync(at(`k${file}`))).toEqual(readFileSync(at(`m${file}`)));
    }
    const judged = await json("model", "evaluate", at("k.json"), "--data", at("own"), "--all");
    expect(judged.answer).toMatchObject({ correct: rightOf(theirs, DATA), total: 200 });
  });

  it("learns as a paid job and answers there as here when it leaves", async () => {
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const words = ["--data", at("own"), "--model", at("k.json"), "--from-weights"];
    const paid = await json("job", "submit", ...words, "--steps", "60", "--watch");
    expect(paid.answer).toMatchObject({ result: { outcome: "paid" } });
    const job = String(paid.answer["job"]);
    expect((await json("model", "export", job, "--to", at("out"))).code).toBe(0);
    const here = await json("model", "evaluate", job, "--data", at("own"), "--all");
    const before = rightOf(theirs, DATA);
    const after = rightOf(await loadFrom(at("out")), DATA);
    expect(here.answer).toMatchObject({ correct: after, total: 200 });
    expect(after).toBeGreaterThan(before + 20);
  });
});
