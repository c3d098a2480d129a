/**
 * What broke the equality of others' replayed trainings, each as a test of every variant: library
 * functions in tables of positions and in bias corrections, roots and quotients that are not
 * rounded correctly, numbers that one device flushes and another keeps, sums that depend on their
 * order, and what a hash of the states leaves out.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import { compileModule } from "../../../src-main/adapters/wasm-engine/kernels.ts";
import { ReferenceBackend, canon, encodeProgram } from "../../../src-main/engine/index.ts";
import type { OpRecord, Program, Shape } from "../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import {
  TRANSFORMER,
  batchOf,
  startStates,
  trainingProgram,
} from "../../worlds/conformance-models.ts";
import { faultyBackend } from "../../worlds/faulty-backend.ts";
import { VARIANTS, keptSubnormals } from "../../worlds/planted-faults.ts";
import { differenceOf, variants } from "./cases.ts";

const reference = new ReferenceBackend();
const LOAD: OpRecord = { op: "load", inputs: [], attributes: [0], shape: [1, 2] };
const BATCH = new Uint8Array(2);

interface Tensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** A program of ops on states; the last op is the output, and state 0 becomes it where asked. */
function programOf(inputs: readonly Tensor[], ops: readonly OpRecord[], updates: boolean): Program {
  const last = { from: "op", index: ops.length } as const;
  return {
    states: inputs.map(({ shape }, index) => {
      return { name: `operand ${index}`, shape, initialiser: { kind: "zeros" } };
    }),
    ops: [LOAD, ...ops],
    updates: updates ? [{ state: 0, value: last }] : [],
    outputs: [{ name: "value", value: last }],
  };
}

/** An op of states 0, 1, … */
function onStates(
  op: string,
  count: number,
  attributes: readonly number[],
  shape: Shape,
): OpRecord {
  const inputs = Array.from({ length: count }, (_, index) => ({ from: "state", index }) as const);
  return { op, inputs, attributes, shape };
}

/** The output after each of some steps. */
async function outputs(
  backend: EngineBackend,
  program: Program,
  inputs: readonly Tensor[],
  steps = 1,
): Promise<readonly Float32Array[]> {
  const session = await backend.open(encodeProgram(program));
  for (const [index, { values }] of inputs.entries()) await session.upload(index, values);
  const found: Float32Array[] = [];
  for (let step = 1; step <= steps; step += 1) {
    await session.run(step, BATCH);
    found.push(await session.output(0));
  }
  session.close();
  return found;
}

/** What differs between two runs of outputs, in words. */
function differencesOf(given: readonly Float32Array[], expected: readonly Float32Array[]) {
  return given.flatMap((values, step) => {
    return differenceOf(values, expected[step], `step ${step + 1}`) ?? [];
  });
}

/** Fails where a variant differs from the reference; the broken one must. */
async function expectEqual(
  program: Program,
  inputs: readonly Tensor[],
  broken?: EngineBackend,
  steps = 1,
): Promise<readonly Float32Array[]> {
  const expected = await outputs(reference, program, inputs, steps);
  for (const backend of variants) {
    const given = await outputs(backend, program, inputs, steps);
    expect([backend.variant, differencesOf(given, expected)]).toEqual([backend.variant, []]);
  }
  if (broken !== undefined) {
    const given = await outputs(broken, program, inputs, steps);
    expect(differencesOf(given, expected)).not.toEqual([]);
  }
  return expected;
}

const tensor = (shape: Shape, valueAt: (index: number) => number): Tensor => {
  const count = shape.reduce((product, dim) => product * dim, 1);
  return { shape, values: Float32Array.from({ length: count }, (_, at) => canon(valueAt(at))) };
};

const broken = (what: keyof typeof VARIANTS) => faultyBackend(what, VARIANTS[what]);

describe("a library's functions", () => {
  it.each(["sin", "cos"])("are not in tables of positions: %s", async (op) => {
    // 512 positions of 16 frequencies, as rotary positions have them.
    const angles = tensor([512, 16], (at) => Math.floor(at / 16) * 10_000 ** -((at % 16) / 16));
    const program = programOf([angles], [onStates(op, 1, [], angles.shape)], false);
    await expectEqual(program, [angles], broken(`${op} of the library`));
  });

  it("are not in bias corrections: 1,500 powers of beta are products", async () => {
    const power = tensor([1], () => 1);
    const beta = tensor([1], () => Math.fround(0.999));
    const program = programOf([power, beta], [onStates("mul", 2, [], [1])], true);
    const found = await expectEqual(program, [power, beta], undefined, 1_500);
    let held = 1;
    const byHand = found.map(() => (held = Math.fround(held * beta.values[0])));
    expect(found.map(([value]) => value)).toEqual(byHand);
    const byLibrary = byHand.map((_, at) => Math.fround(beta.values[0] ** (at + 1)));
    const parted = byLibrary.findIndex((value, at) => value !== byHand[at]);
    expect(parted).toBeGreaterThan(0);
    expect(parted).toBeLessThan(20);
  });

  it("are called by nothing that was compiled", () => {
    const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyReflection }).WebAssembly;
    const path = new URL("../../../src-main/adapters/wasm-engine/kernels.wasm", import.meta.url);
    const imports = wasm.Module.imports(compileModule(fileURLToPath(path)));
    expect(imports.map(({ name }) => name)).toEqual(["clock_time_get"]);
  });

  const addon = fileURLToPath(
    new URL("../../../build/Release/vivian_native.node", import.meta.url),
  );
  const canRead = existsSync(addon) && existsSync("/usr/bin/nm");

  it.skipIf(!canRead)("are not linked into the addon (needs nm)", () => {
    const words = execFileSync("nm", ["-D", "--undefined-only", addon], { encoding: "utf8" });
    const names = words.split("\n").map((line) => line.trim().split(/[ @]/)[1] ?? "");
    expect(names).toContain("memcpy");
    const mathematics =
      /^(sin|cos|tan|exp|exp2|expm1|log|log2|log1p|pow|sqrt|tanh|erf|fma|cbrt)f?$/;
    expect(names.filter((name) => mathematics.test(name))).toEqual([]);
  });
});

interface WebAssemblyReflection {
  readonly Module: { imports(module: object): readonly { readonly name: string }[] };
}

describe("roots and quotients", () => {
  const random = checkRandom(77);
  const [a, b] = [random, random].map((source) =>
    tensor([20_000], () => {
      const exponent = source.between(-20, 20);
      return (1 + source.below(8_388_608) / 8_388_608) * 2 ** exponent;
    }),
  );

  it("are rounded correctly: quotients", async () => {
    const program = programOf([a, b], [onStates("div", 2, [], a.shape)], false);
    const [found] = await expectEqual(program, [a, b], broken("division by a reciprocal"));
    // A double's quotient of two f32 rounds to the f32 nearest to the true one (53 ≥ 2·24 + 2).
    expect(found).toEqual(a.values.map((value, at) => Math.fround(value / b.values[at])));
  });

  it("are rounded correctly: roots", async () => {
    const program = programOf([a], [onStates("sqrt", 1, [], a.shape)], false);
    const [found] = await expectEqual(program, [a], broken("root by a reciprocal root"));
    expect(found).toEqual(a.values.map((value) => Math.fround(Math.sqrt(value))));
  });
});

describe("small numbers", () => {
  it("end at +0 in the same step everywhere, far above what devices flush", async () => {
    const value = tensor([3], (at) => [1, -1, 7e-44][at]);
    const factor = tensor([3], () => 0.9);
    const program = programOf([value, factor], [onStates("mul", 2, [], [3])], true);
    const kept = faultyBackend("numbers below the smallest are kept", keptSubnormals);
    const found = await expectEqual(program, [value, factor], kept, 700);
    const ends = found.findIndex(([one]) => one === 0);
    expect(ends).toBe(found.findIndex(([, other]) => Object.is(other, 0)));
    // 0.9^631 is the last power above 2^-96.
    expect(ends + 1).toBe(632);
    expect(found[0][2]).toBe(0);
  });

  it("give the same norm where their squares are below everything", async () => {
    // |g| < 1.1e-19 squares into f32's subnormals; here everything below 2^-48 squares to +0.
    const gradient = tensor([4_096], (at) => 1e-20 * 1.04 ** (at % 512) * (at % 2 === 0 ? 1 : -1));
    const square = onStates("mul", 1, [], gradient.shape);
    const squares = { ...square, inputs: [square.inputs[0], square.inputs[0]] };
    const sum = {
      op: "sum",
      inputs: [{ from: "op", index: 1 } as const],
      attributes: [0],
      shape: [1],
    };
    const program = programOf([gradient], [squares, sum], false);
    const kept = faultyBackend("numbers below the smallest are kept", keptSubnormals);
    const [[norm]] = await expectEqual(program, [gradient]);
    expect(norm).toBeGreaterThan(0);
    const values = await outputs(
      kept,
      { ...program, outputs: [{ name: "squares", value: { from: "op", index: 1 } }] },
      [gradient],
    );
    expect(values[0].some((value) => value !== 0 && value < 2 ** -96)).toBe(true);
  });

  it("are computed with again by this process after a step", async () => {
    const one = tensor([64], () => 1.5);
    const program = programOf([one, one], [onStates("mul", 2, [], one.shape)], false);
    for (const backend of variants) await outputs(backend, program, [one, one]);
    const [tiny] = Float32Array.of(1e-40);
    expect([tiny * 1, 5e-324 / 1, 2 ** -1_022 / 2]).toEqual([tiny, 5e-324, 2 ** -1_023]);
    expect(tiny).toBeGreaterThan(0);
  });
});

describe("the order of a sum", () => {
  /** Places of `count` things in another order. */
  function shuffled(count: number): readonly number[] {
    const random = checkRandom(count);
    const order = Array.from({ length: count }, (_, at) => at);
    for (let i = count - 1; i > 0; i -= 1) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  const hard = checkRandom(4);
  const spread = () => (hard.below(2_000_001) / 1e6 - 1) * 2 ** hard.between(-12, 12);

  it("changes nothing, and would in f32", async () => {
    const x = tensor([3_000], spread);
    const order = shuffled(3_000);
    const y = tensor([3_000], (at) => x.values[order[at]]);
    const program = programOf([x], [onStates("sum", 1, [0], [1])], false);
    const straight = await expectEqual(program, [x]);
    expect(await expectEqual(program, [y])).toEqual(straight);
    const ordered = broken("sums in their order");
    expect(await outputs(ordered, program, [x])).not.toEqual(await outputs(ordered, program, [y]));
  });

  it.each([0, 1, 2])("changes no product of profile %i, and would in f32", async (profile) => {
    const [m, k, n] = [9, 700, 21];
    const order = shuffled(k);
    const a = tensor([m, k], spread);
    const b = tensor([k, n], spread);
    const c = tensor([m, k], (at) => a.values[at - (at % k) + order[at % k]]);
    const d = tensor([k, n], (at) => b.values[order[Math.floor(at / n)] * n + (at % n)]);
    const program = programOf([a, b], [onStates("matmul", 2, [profile], [m, n])], false);
    const straight = await expectEqual(program, [a, b]);
    expect(await expectEqual(program, [c, d])).toEqual(straight);
    const float = broken("products in f32");
    const apart = await outputs(float, program, [a, b]);
    expect(await outputs(float, program, [c, d])).not.toEqual(apart);
  });
});

describe("what a hash of the states leaves out", () => {
  it("is nothing: a training with dropout goes on in a fresh session", async () => {
    const program = trainingProgram(TRANSFORMER);
    const bytes = encodeProgram(program);
    const run = async (backend: EngineBackend, from: readonly Float32Array[], steps: number[]) => {
      const session = await backend.open(bytes);
      for (const [index, values] of from.entries()) await session.upload(index, values);
      for (const step of steps) await session.run(step, batchOf(TRANSFORMER, step));
      const states: Float32Array[] = [];
      for (const index of program.states.keys()) states.push(await session.download(index));
      session.close();
      return states;
    };
    const start = startStates(program);
    const expected = await run(reference, start, [1, 2, 3, 4, 5, 6]);
    for (const [at, backend] of variants.entries()) {
      // Begun on one variant, ended on another.
      const begun = await run(variants[(at + 1) % variants.length], start, [1, 2, 3]);
      expect(await run(backend, begun, [4, 5, 6])).toEqual(expected);
    }
    const again = await run(reference, await run(reference, start, [1, 2, 3]), [3, 4, 5]);
    expect(again).not.toEqual(expected);
  });
});
