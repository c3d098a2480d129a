import { describe, expect, it } from "vitest";
import { attributeOf, checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import type { CheckRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import { createNativeBackend } from "../../../src-main/adapters/native-engine/index.ts";
import { appendDepthwise } from "../../../src-main/engine/composites/depthwise.ts";
import { appendZeros } from "../../../src-main/engine/composites/windows.ts";
import type { Ends } from "../../../src-main/engine/composites/windows.ts";
import { ReferenceBackend, elementCount, encodeProgram } from "../../../src-main/engine/index.ts";
import { ProgramBuilder } from "../../../src-main/engine/program/builder.ts";
import { checkProgram } from "../../../src-main/engine/program/check.ts";
import { appendGradients } from "../../../src-main/engine/program/gradient.ts";
import type { OpRecord, Program, Shape } from "../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { differenceOf, differencesOfVariants, nativeVariants } from "./cases.ts";

const PROGRAMS = process.env["VIVIAN_FULL"] === "1" ? 200 : 12;

/** A depthwise convolution with the gradients of image and filter. */
function depthwiseProgram(
  shape: Shape,
  filters: { readonly size: number; readonly multiplier: number; readonly stride: number },
  around: readonly Ends[],
): Program {
  const { size, multiplier, stride } = filters;
  const builder = new ProgramBuilder();
  builder.op("load", [], [0], [1, 2]);
  const image = builder.state("image", shape, { kind: "zeros" });
  const filter = builder.state("filter", [size, size, shape[3], multiplier], { kind: "zeros" });
  const y = appendDepthwise(builder, appendZeros(builder, image, around), filter, stride);
  const gradient = builder.state("gradient", [...y.shape], { kind: "zeros" });
  const [dx, dw] = appendGradients(builder, y, gradient, [image, filter]);
  // Ops, whose values outputs are; a gradient may be a state's own shape.
  for (const [name, value] of Object.entries({ y, dx, dw })) {
    builder.output(name, builder.op("reshape", [value], [], [elementCount(value.shape)]));
  }
  return builder.finish();
}

/** One of drawn sizes. */
function drawn(random: CheckRandom, size: number, multiplier: number): Program {
  const stride = random.pick([1, 1, 2, 3]);
  const [height, width] = [random.between(size, 11), random.between(size, 11)];
  const shape = [random.between(1, 3), height, width, random.pick([1, 3, 8, 16, 17, 40])];
  const ends = (): Ends => [random.below(3), random.below(3)];
  const around = random.below(3) === 0 ? [] : [ends(), ends()];
  return depthwiseProgram(shape, { size, multiplier, stride }, around);
}

/** Programs that compute something else in op `at`, of the same shape. */
function altered(program: Program, at: number): readonly Program[] {
  const op = program.ops[at];
  const [first, second] = op.inputs;
  const [axis, before, after] = op.attributes;
  const changes = (): readonly Partial<OpRecord>[] => {
    switch (op.op) {
      case "pad":
        return [
          { attributes: [axis, before + 1, after - 1] },
          { attributes: [axis, after, before] },
        ];
      case "slice":
        return [before - 1, before + 1].map((from) => ({ attributes: [axis, from, after] }));
      case "constant":
        return [{ attributes: [attributeOf(1.5)] }];
      case "add":
        return [{ inputs: [first, first] }, { inputs: [second, second] }];
      case "mul":
        return [{ op: "add" }];
      case "sum":
        return [{ op: "mean" }];
      default:
        return [];
    }
  };
  return changes().flatMap((change) => {
    const ops = program.ops.map((record, index) => (index === at ? { ...op, ...change } : record));
    const checked = checkProgram({ ...program, ops });
    return checked.ok ? [checked.value] : [];
  });
}

async function answers(backend: EngineBackend, program: Program, seed: number) {
  const random = checkRandom(seed);
  const session = await backend.open(encodeProgram(program));
  for (const [at, { shape }] of program.states.entries()) {
    await session.upload(at, random.tensor(elementCount(shape)));
  }
  await session.run(1, new Uint8Array(2));
  const values: Float32Array[] = [];
  for (const at of program.outputs.keys()) values.push(await session.output(at));
  session.close();
  return values;
}

async function differencesOf(program: Program, seed: number): Promise<readonly string[]> {
  const what = `seed ${seed} ${program.states.map(({ shape }) => shape.join("x")).join(" ")}`;
  return differencesOfVariants(what, (backend) => answers(backend, program, seed));
}

describe("depthwise convolutions on every backend", () => {
  it("give the reference's bytes", async () => {
    const differences: string[] = [];
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const program = drawn(checkRandom(seed), 3, 1);
      differences.push(...(await differencesOf(program, seed)));
    }
    expect(differences).toEqual([]);
  });

  it("give the reference's bytes with other windows and filters", async () => {
    const differences: string[] = [];
    for (const [seed, [size, multiplier]] of [
      [3, 2],
      [2, 1],
      [4, 1],
    ].entries()) {
      differences.push(...(await differencesOf(drawn(checkRandom(seed), size, multiplier), seed)));
    }
    expect(differences).toEqual([]);
  });
});

describe.skipIf(nativeVariants.length === 0)("depthwise convolutions, natively", () => {
  const backend = createNativeBackend({ threads: 1 });
  const plain = { size: 3, multiplier: 1 };

  it("are one launch each", async () => {
    for (const seed of [1, 2, 3, 4]) {
      const session = await backend.open(encodeProgram(drawn(checkRandom(seed), 3, 1)));
      const launches = session.profiledRun(1, new Uint8Array(2)).map(({ op }) => op);
      session.close();
      expect(launches.filter((op) => op === "depthwise").length).toBe(3);
      expect(launches).not.toContain("sum");
    }
  });

  it("give the reference's bytes where one op is another, and where zeros are read", async () => {
    const programs = [1, 2].flatMap((stride) => {
      const program = depthwiseProgram([2, 5, 6, 3], { ...plain, stride }, []);
      return program.ops.flatMap((_, at) => altered(program, at));
    });
    // Zeros at an end that are the image's own: windows read them.
    const end: readonly Ends[] = [
      [0, 2],
      [0, 0],
    ];
    programs.push(depthwiseProgram([2, 5, 6, 3], { ...plain, stride: 1 }, end));
    expect(programs.length).toBeGreaterThan(100);
    const differences: string[] = [];
    for (const [seed, program] of programs.entries()) {
      const expected = await answers(new ReferenceBackend(), program, seed);
      for (const [at, values] of (await answers(backend, program, seed)).entries()) {
        const difference = differenceOf(values, expected[at], `program ${seed}, output ${at}`);
        if (difference !== undefined) differences.push(difference);
      }
    }
    expect(differences).toEqual([]);
  });
});
