/** The float engine as programs use it: a process, ops near the reference's, clear refusals. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

import {
  evaluateWeights,
  openFloatBackend,
} from "../../../../src-main/adapters/float-engine/index.ts";
import type {
  FloatBackend,
  FloatLibrary,
} from "../../../../src-main/adapters/float-engine/index.ts";
import {
  compileTraining,
  decodeState,
  encodeProgram,
  encodeState,
  initialStates,
  ReferenceBackend,
  shapeOfValue,
} from "../../../../src-main/engine/index.ts";
import { opNamed } from "../../../../src-main/engine/ops/registry.ts";
import type { ModelConfig, Program } from "../../../../src-main/engine/index.ts";
import { OP_BATCH, openOp } from "../../../../src-main/miner/calibration/op-program.ts";
import {
  downloadStates,
  uploadStates,
} from "../../../../src-main/miner/training/session-states.ts";
import { areModels, batchFor, PICTURES, TEXT } from "./float-models.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-float-"));
afterAll(() => rmSync(folder, { recursive: true }));

function programOf(model: ModelConfig): Program {
  const compiled = compileTraining(model);
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  return compiled.value;
}

/** Writes a module that stands for the optional peer; its specifier. */
function standIn(name: string, source: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, source);
  return pathToFileURL(path).href;
}

/** ‖a − b‖ / ‖b‖, and 0 where both are nothing; `least` is what counts as nothing. */
function distance(a: Float32Array, b: Float32Array, least = 1e-12): number {
  let off = 0;
  for (const [at, value] of b.entries()) off += (a[at] - value) ** 2;
  return off === 0 ? 0 : Math.sqrt(off) / Math.max(norm(b), least);
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** Whether the float engine is in this process, where it must never be. */
const isLoadedHere = (): boolean => "_tfengine" in globalThis || "_tfGlobals" in globalThis;

/** Sums of many numbers that cancel are as exact as their terms allow, no more. */
const CANCELLED = 1e-5;

/** How far each op of a step is from what the reference makes of the same inputs. */
async function opDistances(backend: FloatBackend, model: ModelConfig) {
  const program = programOf(model);
  const states = initialStates(new Uint8Array(32).fill(5), program);
  const batch = batchFor(model, 3);
  const session = await backend.open(encodeProgram(program), { keepValues: true });
  await uploadStates(session, states);
  await session.run(1, batch);
  const values: Float32Array[] = [];
  const distances: { op: string; distance: number }[] = [];
  for (const [index, { op, inputs: refs, attributes, shape }] of program.ops.entries()) {
    const inputs = refs.map((ref) => (ref.from === "op" ? values : states)[ref.index]);
    const inputShapes = refs.map((ref) => shapeOfValue(program, ref));
    const wanted = opNamed(op)?.evaluate({
      inputs,
      inputShapes,
      attributes,
      shape,
      step: 1,
      batch,
    });
    values[index] = await session.value(index);
    if (wanted === undefined) throw new Error(op);
    expect(values[index].length).toBe(wanted.length);
    const least = CANCELLED * Math.max(1e-6, ...inputs.map(norm));
    distances.push({ op, distance: distance(values[index], wanted, least) });
  }
  session.close();
  return distances;
}

describe.each<FloatLibrary>(["tfjs-wasm", "tfjs-cpu"])("the float engine on %s", (library) => {
  it("computes what the reference does in every op of a step, to its 14 bits", async () => {
    expect(areModels()).toBe(true);
    const backend = await openFloatBackend({ library });
    expect(backend.isExact).toBe(false);
    expect(backend.variant).toContain("tfjs 4.22.0");
    for (const model of [PICTURES, TEXT]) {
      const far = (await opDistances(backend, model)).filter(({ distance: d }) => !(d < 0.005));
      expect(far).toEqual([]);
    }
    backend.close();
    expect(isLoadedHere()).toBe(false);
  });

  it("convolves with strides and edges like the reference, also backwards", async () => {
    const backend = await openFloatBackend({ library });
    const [x, w, y] = [
      [2, 7, 6, 3],
      [3, 3, 3, 4],
      [2, 4, 3, 4],
    ];
    const questions = [
      { op: "conv2d", inputs: [x, w], shape: y },
      { op: "conv2d-gradient-input", inputs: [y, w], shape: x },
      { op: "conv2d-gradient-filter", inputs: [x, y], shape: w },
    ];
    for (const question of questions) {
      const whole = { ...question, attributes: [0, 2, 1] };
      const values: Float32Array[] = [];
      for (const engine of [backend, new ReferenceBackend()]) {
        const session = await openOp(engine, whole);
        await session.run(1, OP_BATCH);
        values.push(await session.output(0));
        session.close();
      }
      expect(distance(values[0], values[1]), question.op).toBeLessThan(0.001);
    }
    backend.close();
  });
});

describe("a float session", () => {
  it("trains: the loss falls, and falls like the exact engine's", async () => {
    const backend = await openFloatBackend({ library: "tfjs-wasm" });
    const program = programOf(TEXT);
    const losses: number[][] = [];
    for (const engine of [backend, new ReferenceBackend()]) {
      const session = await engine.open(encodeProgram(program));
      await uploadStates(session, initialStates(new Uint8Array(32), program));
      const own: number[] = [];
      for (let step = 1; step <= 12; step += 1) {
        await session.run(step, batchFor(TEXT, 1));
        own.push((await session.output(0))[0]);
      }
      losses.push(own);
      session.close();
    }
    const [float, exact] = losses;
    expect(float[11]).toBeLessThan(float[0] - 0.5);
    for (const [step, loss] of float.entries()) expect(loss).toBeCloseTo(exact[step], 2);
    backend.close();
  });

  it("judges exported weights as the exact engine does", async () => {
    const program = programOf(PICTURES);
    const trainer = await new ReferenceBackend().open(encodeProgram(program));
    await uploadStates(trainer, initialStates(new Uint8Array(32), program));
    for (let step = 1; step <= 3; step += 1) await trainer.run(step, batchFor(PICTURES, 1));
    const exported = encodeState(program, await downloadStates(trainer, program));
    const states = decodeState(program, exported);
    if (!states.ok) throw new Error(states.rejection.code);
    const backend = await openFloatBackend({ library: "tfjs-wasm" });
    const samples = Uint8Array.of(...batchFor(PICTURES, 1), ...batchFor(PICTURES, 2));
    const [float, exact] = await Promise.all(
      [backend, new ReferenceBackend()].map((engine) =>
        evaluateWeights(engine, PICTURES, states.value, samples),
      ),
    );
    backend.close();
    expect(float.answers).toBe(12);
    expect(float.loss).toBeCloseTo(exact.loss, 3);
    expect(float.accuracy).toBe(exact.accuracy);
    const untrained = initialStates(new Uint8Array(32), program);
    const before = await evaluateWeights(new ReferenceBackend(), PICTURES, untrained, samples);
    expect(Math.abs(before.loss - exact.loss)).toBeGreaterThan(0.01);
  });

  it("takes unknown tokens as nothing, as the engine does", async () => {
    const backend = await openFloatBackend({ library: "tfjs-wasm" });
    const program = programOf(TEXT);
    const batch = batchFor(TEXT, 1).fill(200, 1, 4);
    const values: Float32Array[] = [];
    for (const engine of [backend, new ReferenceBackend()]) {
      const session = await engine.open(encodeProgram(program));
      await uploadStates(session, initialStates(new Uint8Array(32), program));
      await session.run(1, batch);
      values.push(await session.download(0), await session.output(0));
      session.close();
    }
    expect(distance(values[0], values[2])).toBeLessThan(0.01);
    expect(distance(values[1], values[3])).toBeLessThan(0.001);
    backend.close();
  });

  it("refuses a batch of another size, a program that is none, and values it freed", async () => {
    const backend = await openFloatBackend({ library: "tfjs-wasm" });
    const session = await backend.open(encodeProgram(programOf(TEXT)));
    await expect(session.run(1, new Uint8Array(3))).rejects.toMatchObject({ code: "ENGINE_SHAPE" });
    await session.run(1, batchFor(TEXT, 1));
    await expect(session.value(0)).rejects.toMatchObject({ code: "FLOAT_ENGINE_VALUE" });
    await expect(backend.open(new Uint8Array(4))).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENGINE|CODEC)_/) as string,
    });
    session.close();
    backend.close();
    await expect(session.run(1, batchFor(TEXT, 1))).rejects.toMatchObject({
      code: "FLOAT_ENGINE_ENDED",
    });
  });
});

describe("the optional peer", () => {
  const open = (gpuPackage?: string) =>
    openFloatBackend({
      library: "tfjs-node-gpu",
      ...(gpuPackage === undefined ? {} : { gpuPackage }),
    });

  it("is absent here, which is said with its name", async () => {
    await expect(open()).rejects.toMatchObject({
      code: "FLOAT_ENGINE_ABSENT",
      facts: { package: "@tensorflow/tfjs-node-gpu" },
    });
  });

  it("that finds no GPU is not taken for one that computes on it", async () => {
    const quiet = standIn(
      "quiet",
      `export default { ready: async () => {}, backend: () => ({ isUsingGpuDevice: false }) };`,
    );
    await expect(open(quiet)).rejects.toMatchObject({ code: "FLOAT_ENGINE_CUDA" });
    const unlinked = standIn("unlinked", `throw new Error("libcudart.so.11.0: cannot open");`);
    await expect(open(unlinked)).rejects.toMatchObject({ code: "FLOAT_ENGINE_CUDA" });
  });

  it("that was built for another Node, or ends its process, says so", async () => {
    const older = standIn("older", `throw new Error("a different Node.js version");`);
    await expect(open(older)).rejects.toMatchObject({ code: "FLOAT_ENGINE_NODE" });
    const ending = standIn("ending", `console.error("driver gone"); process.exit(3);`);
    await expect(open(ending)).rejects.toMatchObject({
      code: "FLOAT_ENGINE_ENDED",
      facts: { words: "driver gone" },
    });
  });

  it("finds the function that Node 23 took away, and trains", async () => {
    const require = createRequire(import.meta.url);
    const tfjs = pathToFileURL(require.resolve("@tensorflow/tfjs")).href;
    const peer = standIn(
      "peer",
      `import { createRequire } from "node:module";
       import tf from ${JSON.stringify(tfjs)};
       const util = createRequire(import.meta.url)("util");
       if (!util.isNullOrUndefined(undefined) || util.isNullOrUndefined(0)) throw new Error("no");
       await tf.setBackend("cpu");
       tf.backend().isUsingGpuDevice = true;
       export default tf;`,
    );
    const backend = await open(peer);
    expect(backend.variant).toContain("on a GPU");
    const session = await backend.open(encodeProgram(programOf(TEXT)));
    await session.run(1, batchFor(TEXT, 1));
    expect((await session.output(0))[0]).toBeGreaterThan(0);
    backend.close();
  });
});
