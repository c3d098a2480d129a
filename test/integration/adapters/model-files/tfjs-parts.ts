/** What tests of model files need of TensorFlow.js: images, saving, loading, answering. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { checkRandom } from "../../../../src-main/adapters/native-engine/check-random.ts";
import {
  ReferenceBackend,
  compileEvaluation,
  encodeProgram,
} from "../../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../../src-main/ports/engine-backend.ts";

/** A folder that is gone after the test. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "vivian-models-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Folders that are gone once they are removed. */
export function temporaryFolders(): { add(): string; remove(): void } {
  const folders: ReturnType<typeof temporaryFolder>[] = [];
  return {
    add() {
      const folder = temporaryFolder();
      folders.push(folder);
      return folder.path;
    },
    remove: () => folders.forEach((folder) => folder.remove()),
  };
}

/** Bytes of images with a label each, and the numbers that they stand for. */
export function images(count: number, pixels: number, seed: number) {
  const random = checkRandom(seed);
  const batch = new Uint8Array(count * (pixels + 1));
  const numbers = new Float32Array(count * pixels);
  for (let at = 0; at < numbers.length; at += 1) {
    const byte = random.below(256);
    batch[Math.floor(at / pixels) * (pixels + 1) + (at % pixels)] = byte;
    numbers[at] = byte / 255;
  }
  return { batch, numbers };
}

/** Saves a model as TensorFlow.js does, its weights in two files that part within a number. */
export async function saveTo(folder: string, model: tf.LayersModel): Promise<void> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((given) => {
      artifacts = given;
      const dateSaved = new Date(0);
      return Promise.resolve({ modelArtifactsInfo: { dateSaved, modelTopologyType: "JSON" } });
    }),
  );
  if (artifacts?.weightData === undefined) throw new Error("nothing was saved");
  const { weightData, modelTopology, weightSpecs } = artifacts;
  const whole = tf.io.CompositeArrayBuffer.join(weightData);
  const cut = Math.floor(whole.byteLength / 2) + 1;
  const paths = ["group1-shard1of2.bin", "group1-shard2of2.bin"];
  writeFileSync(join(folder, paths[0]), new Uint8Array(whole, 0, cut));
  writeFileSync(join(folder, paths[1]), new Uint8Array(whole, cut));
  const weightsManifest = [{ paths, weights: weightSpecs }];
  const document = { format: "layers-model", modelTopology, weightsManifest };
  writeFileSync(join(folder, "model.json"), JSON.stringify(document));
}

/** Loads a folder as TensorFlow.js would load its address. */
export function loadFrom(folder: string): Promise<tf.LayersModel> {
  const document = JSON.parse(readFileSync(join(folder, "model.json"), "utf8")) as {
    modelTopology: object;
    weightsManifest: [{ paths: [string]; weights: tf.io.WeightsManifestEntry[] }];
  };
  const [{ paths, weights }] = document.weightsManifest;
  const bytes = Uint8Array.from(readFileSync(join(folder, paths[0])));
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: document.modelTopology,
      weightSpecs: weights,
      weightData: bytes.buffer,
    }),
  );
}

/**
 * Gives every weight values that this seed decides. TensorFlow.js draws kernels anew each time, and
 * a draw can make answers of unlike samples alike; what begins as zeros or ones must matter too.
 */
export function stir(model: tf.LayersModel, seed: number): void {
  const random = checkRandom(seed);
  for (const weight of model.weights) {
    const shape = weight.shape as number[];
    const isKernel = !/bias|gamma|beta|moving/.test(weight.name);
    // Kernels as wide as Glorot's: their two last widths are inputs and outputs, what stands
    // before them is the window.
    const window = shape.slice(0, -2).reduce((product, width) => product * width, 1);
    const fans = window * (shape.at(-2) ?? 0) + window * (shape.at(-1) ?? 0);
    const [least, most] = isKernel ? [-Math.sqrt(6 / fans), Math.sqrt(6 / fans)] : [0.3, 1.6];
    const count = shape.reduce((product, width) => product * width, 1);
    const values = Float32Array.from(
      { length: count },
      () => least + ((most - least) * random.below(1 << 20)) / (1 << 20),
    );
    weight.write(tf.tensor(values, shape));
  }
}

/** Chances of TensorFlow.js for samples of this shape, row by row. */
export function theirChances(
  model: tf.LayersModel,
  samples: Float32Array,
  shape: readonly number[],
): Float32Array {
  return tf.tidy(() => {
    const answer = model.predict(tf.tensor(samples, [...shape])) as tf.Tensor;
    return Float32Array.from(answer.dataSync());
  });
}

/** Chances of a backend for a batch of encoded samples: its logits through a softmax. */
export async function ourChances(
  model: ModelConfig,
  states: readonly Float32Array[],
  batch: Uint8Array,
  count: number,
  backend: EngineBackend = new ReferenceBackend(),
): Promise<Float32Array> {
  const program = compileEvaluation(model, count);
  if (!program.ok) throw new Error(program.rejection.code);
  const session = await backend.open(encodeProgram(program.value));
  for (const [at, values] of states.entries()) await session.upload(at, values);
  await session.run(1, batch);
  const logits = await session.output(0);
  session.close();
  const chances = new Float32Array(logits.length);
  for (let first = 0; first < logits.length; first += model.classes) {
    const row = logits.subarray(first, first + model.classes);
    const powers = row.map((value) => Math.exp(value - Math.max(...row)));
    const total = powers.reduce((sum, value) => sum + value, 0);
    chances.set(
      powers.map((value) => value / total),
      first,
    );
  }
  return chances;
}

/** Largest distance of two lists. */
export const distance = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at])), 0);

/** The class of each row, the lowest of equal ones. */
export function classesOf(chances: Float32Array, classes: number): number[] {
  return Array.from({ length: chances.length / classes }, (_, at) => {
    const row = chances.subarray(at * classes, (at + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}
