import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bitsOfFloat, floatOfBits } from "../../src-main/engine/canon.ts";
import { elementCount } from "../../src-main/engine/ops/op.ts";
import { evaluateElement, opNamed } from "../../src-main/engine/ops/registry.ts";
import type { Shape } from "../../src-main/engine/program/program.ts";

type Nested = string | readonly Nested[];

const read = <T>(name: string): readonly T[] =>
  JSON.parse(readFileSync(new URL(`engine/${name}.json`, import.meta.url), "utf8")) as T[];

const floatOf = (hex: string): number => floatOfBits(Number.parseInt(hex, 16));
const hexOf = (value: number): string => bitsOfFloat(value).toString(16).padStart(8, "0");

function flat(nested: Nested): readonly string[] {
  return typeof nested === "string" ? [nested] : nested.flatMap(flat);
}

function shapeOf(nested: Nested): Shape {
  return typeof nested === "string" ? [] : [nested.length, ...shapeOf(nested[0] ?? "")];
}

interface Tensor {
  readonly values: Float32Array;
  readonly shape: Shape;
}

function tensor(nested: Nested): Tensor {
  return { values: Float32Array.from(flat(nested), floatOf), shape: shapeOf(nested) };
}

/** Runs one op on whole tensors, and some of its elements alone, which must agree. */
function run(
  name: string,
  inputs: readonly Tensor[],
  attributes: readonly number[],
  declared: Shape = [],
): readonly string[] {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`no op ${name}`);
  const inputShapes = inputs.map(({ shape }) => shape);
  const shape = op.outputShape(inputShapes, attributes, declared);
  if (!shape.ok) throw new Error(JSON.stringify(shape.rejection));
  const call = {
    inputs: inputs.map(({ values }) => values),
    inputShapes,
    attributes,
    shape: shape.value,
    step: 1,
    batch: new Uint8Array(0),
  };
  const values = op.evaluate(call);
  expect(values.length).toBe(elementCount(shape.value));
  const stride = Math.max(1, Math.floor(values.length / 7));
  for (let index = 0; index < values.length; index += stride) {
    expect(hexOf(evaluateElement(op, call, index))).toBe(hexOf(values[index]));
  }
  return Array.from(values, hexOf);
}

const PROFILES: Readonly<Record<string, number>> = { I14: 0, I14K: 1, I8: 2 };

describe("the engine's vectors", () => {
  it("holds for every elementwise case", () => {
    type Case = Record<"a" | "b" | "add" | "sub" | "mul" | "div" | "sqrtAbsA", string>;
    const cases = read<Case>("elementwise");
    expect(cases.length).toBeGreaterThan(1_000);
    const a = { values: Float32Array.from(cases, (one) => floatOf(one.a)), shape: [cases.length] };
    const b = { values: Float32Array.from(cases, (one) => floatOf(one.b)), shape: [cases.length] };
    const absolute = { values: a.values.map((value) => Math.abs(value)), shape: a.shape };
    for (const name of ["add", "sub", "mul", "div"] as const) {
      expect(run(name, [a, b], [])).toEqual(cases.map((one) => one[name]));
    }
    expect(run("sqrt", [absolute], [])).toEqual(cases.map((one) => one.sqrtAbsA));
  });

  it("holds for every exp and log case", () => {
    const cases = read<Record<"x" | "exp" | "log", string>>("exp-log");
    expect(cases.length).toBeGreaterThan(1_000);
    const x = { values: Float32Array.from(cases, (one) => floatOf(one.x)), shape: [cases.length] };
    for (const name of ["exp", "log"] as const) {
      expect(run(name, [x], [])).toEqual(cases.map((one) => one[name]));
    }
  });

  it("holds for every matmul case in each profile", () => {
    interface Case {
      readonly profile: string;
      readonly shape: Shape;
      readonly a: Nested;
      readonly b: Nested;
      readonly c: Nested;
    }
    const cases = read<Case>("matmul");
    expect(new Set(cases.map(({ profile }) => profile))).toEqual(new Set(["I14", "I14K", "I8"]));
    for (const { profile, a, b, c } of cases) {
      expect(run("matmul", [tensor(a), tensor(b)], [PROFILES[profile]])).toEqual(flat(c));
    }
  });

  it("holds for every sum case", () => {
    const cases = read<{ readonly x: Nested; readonly sum: string }>("sum");
    expect(cases.length).toBeGreaterThan(100);
    for (const { x, sum } of cases) {
      if (x.length === 0) continue;
      expect(run("sum", [tensor(x)], [0])).toEqual([sum]);
    }
  });

  it("holds for every convolution case, forward and both gradients", () => {
    interface Case {
      readonly profile: string;
      readonly stride: number;
      readonly pad: number;
      readonly x: Nested;
      readonly w: Nested;
      readonly y: Nested;
      readonly dy: Nested;
      readonly dx: Nested;
      readonly dw: Nested;
    }
    const cases = read<Case>("conv2d");
    expect(new Set(cases.map(({ profile }) => profile))).toEqual(new Set(["I14", "I8"]));
    for (const one of cases) {
      const attributes = [PROFILES[one.profile], one.stride, one.pad];
      const x = tensor(one.x);
      const w = tensor(one.w);
      const dy = tensor(one.dy);
      expect(run("conv2d", [x, w], attributes)).toEqual(flat(one.y));
      expect(run("conv2d-gradient-input", [dy, w], attributes, x.shape)).toEqual(flat(one.dx));
      expect(run("conv2d-gradient-filter", [x, dy], attributes, w.shape)).toEqual(flat(one.dw));
    }
  });

  it("would catch a single wrong bit", () => {
    const [one] = read<{ readonly x: Nested; readonly sum: string }>("sum");
    const wrong = hexOf(floatOfBits(Number.parseInt(one.sum, 16) ^ 1));
    expect(run("sum", [tensor(one.x)], [0])).not.toEqual([wrong]);
  });
});
