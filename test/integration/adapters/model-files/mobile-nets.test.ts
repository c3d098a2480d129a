/** MobileNets as TensorFlow.js saves them: what they answer here, and that they train exactly. */
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFloatBackend } from "../../../../src-main/adapters/float-engine/index.ts";
import { importModel } from "../../../../src-main/adapters/model-files/index.ts";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../../src-main/adapters/native-engine/index.ts";
import {
  ReferenceBackend,
  compileTraining,
  encodeProgram,
} from "../../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../../src-main/ports/engine-backend.ts";
import { startStates } from "../../../worlds/conformance-models.ts";
import { mobileNet1, mobileNet2, settle } from "./mobile-nets.ts";
import {
  distance,
  images,
  ourChances,
  saveTo,
  temporaryFolders,
  theirChances,
} from "./tfjs-parts.ts";

const SIDE = 32;
const CLASSES = 4;
const SAMPLES = 4;

/**
 * Chances in f32 lie within 1e-3 of theirs after 27 and 53 convolutions with a norm each. Exact
 * products round each image to 14 bits of its largest number: the same noise in their own kernels
 * moves their chances by up to 0.0017, and images hold larger numbers among small ones than
 * kernels do. Samples lie five times the bound apart.
 */
const FLOAT_BOUND = 1e-3;
const EXACT_BOUND = 0.02;

const STEPS = 2;

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});

const folders = temporaryFolders();
afterAll(() => folders.remove());

const native = nativeBackends();

/** All states after some steps from the program's own start. */
async function trained(
  model: ModelConfig,
  batch: Uint8Array,
  backend: EngineBackend,
): Promise<readonly Float32Array[]> {
  const compiled = compileTraining({ ...model, batchSize: SAMPLES });
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  const session = await backend.open(encodeProgram(compiled.value));
  for (const [at, values] of startStates(compiled.value).entries()) {
    await session.upload(at, values);
  }
  for (let step = 1; step <= STEPS; step += 1) await session.run(step, batch);
  const states: Float32Array[] = [];
  for (const at of compiled.value.states.keys()) states.push(await session.download(at));
  session.close();
  return states;
}

describe("MobileNets of TensorFlow.js", () => {
  it.each([
    ["MobileNet", mobileNet1, 93],
    ["MobileNetV2", mobileNet2, 157],
  ] as const)(
    "answer here as there, and train to the same bytes: %s",
    { timeout: 60_000 },
    async (_name, make, count) => {
      const theirs = make(SIDE, CLASSES);
      expect(theirs.layers.length).toBe(count);
      const { batch, numbers } = images(SAMPLES, SIDE * SIDE * 3, 9);
      const shape = [SAMPLES, SIDE, SIDE, 3];
      settle(theirs, 2, tf.tensor(numbers, shape));
      const folder = folders.add();
      await saveTo(folder, theirs);
      const imported = importModel(folder);
      if (!imported.ok || imported.value.states === null) throw new Error(JSON.stringify(imported));
      const { model, states } = imported.value;
      const there = theirChances(theirs, numbers, shape);
      const float = await openFloatBackend({ library: "tfjs-cpu" });
      const near = await ourChances(model, states, batch, SAMPLES, float);
      float.close();
      expect(distance(near, there)).toBeLessThan(FLOAT_BOUND);
      const here = await ourChances(model, states, batch, SAMPLES);
      expect(distance(here, there)).toBeLessThan(EXACT_BOUND);
      const apart = distance(there.subarray(0, CLASSES), there.subarray(CLASSES, 2 * CLASSES));
      expect(apart).toBeGreaterThan(5 * EXACT_BOUND);
      if (!native.available) return;
      const definition = await trained(model, batch, new ReferenceBackend());
      expect(await trained(model, batch, createNativeBackend({ threads: 2 }))).toEqual(definition);
    },
  );
});
