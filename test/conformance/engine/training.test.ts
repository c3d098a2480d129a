import { describe, expect, it } from "vitest";
import {
  ReferenceBackend,
  compileTraining,
  encodeProgram,
  initialStates,
} from "../../../src-main/engine/index.ts";
import type { ModelConfig, Program } from "../../../src-main/engine/index.ts";
import { checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { differenceOf, nativeVariants } from "./cases.ts";

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

const compiled = compileTraining(SMALL_CNN);
if (!compiled.ok) throw new Error(JSON.stringify(compiled.rejection));
const program: Program = compiled.value;

function batchOf(step: number): Uint8Array {
  const random = checkRandom(step);
  const width = 101;
  return Uint8Array.from({ length: 7 * width }, (_, at) =>
    at % width === width - 1 ? random.below(5) : random.below(2) * random.below(256),
  );
}

/** All state tensors after STEPS steps, then every op's value in the last one. */
async function train(backend: EngineBackend): Promise<readonly Float32Array[]> {
  const session = await backend.open(encodeProgram(program));
  const seed = new Uint8Array(32).fill(7);
  for (const [index, values] of initialStates(seed, program).entries()) {
    await session.upload(index, values);
  }
  for (let step = 1; step <= STEPS; step += 1) await session.run(step, batchOf(step));
  const found: Float32Array[] = [];
  for (let i = 0; i < program.states.length; i += 1) found.push(await session.download(i));
  for (let i = 0; i < program.ops.length; i += 1) found.push(await session.value(i));
  session.close();
  return found;
}

describe.skipIf(nativeVariants.length === 0)("training a small CNN", () => {
  it("gives equal states and equal values of every op on each variant", async () => {
    const expected = await train(new ReferenceBackend());
    for (const backend of nativeVariants) {
      const given = await train(backend);
      const found = given.map((values, i) =>
        differenceOf(values, expected[i], `${backend.variant}, tensor ${i}`),
      );
      expect(found.filter((difference) => difference !== undefined)).toEqual([]);
    }
  });

  it("moves the states, so that equality means something", async () => {
    const after = await train(nativeVariants[0]);
    const before = initialStates(new Uint8Array(32).fill(7), program);
    expect(before.every((values, i) => differenceOf(after[i], values, "") !== undefined)).toBe(
      true,
    );
  });
});
