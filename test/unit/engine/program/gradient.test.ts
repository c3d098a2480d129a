import { describe, expect, it } from "vitest";
import { ProgramBuilder } from "../../../../src-main/engine/program/builder.ts";
import { checkProgram } from "../../../../src-main/engine/program/check.ts";
import { appendGradients } from "../../../../src-main/engine/program/gradient.ts";
import type { Program } from "../../../../src-main/engine/program/program.ts";
import type { GraphValue } from "../../../../src-main/engine/ops/op.ts";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import { initialStates } from "../../../../src-main/engine/random/initialise.ts";
import { evaluateStep, updatedStates } from "../../../../src-main/engine/reference/evaluate.ts";
import { evaluateInDoubles } from "../../../generators/double-evaluation.ts";

const seed = new Uint8Array(32).fill(5);

/** Central differences of output `output`'s sum by one state element, in doubles. */
function difference(
  program: Program,
  states: readonly Float32Array[],
  batch: Uint8Array,
  output: number,
  state: number,
  element: number,
): number {
  const { value } = program.outputs[output];
  const h = 1e-5;
  const at = (shift: number): number => {
    const moved = states.map((values) => Float64Array.from(values));
    moved[state][element] += shift;
    const values = evaluateInDoubles(program, moved, batch)[value.index];
    return values.reduce((total, one) => total + one, 0);
  };
  return (at(h) - at(-h)) / (2 * h);
}

/** Fails where a gradient is further off than 14-bit products explain. */
function expectClose(given: number, expected: number, scale: number): void {
  expect(Math.abs(given - expected)).toBeLessThanOrEqual(2e-3 * scale + 1e-6);
}

const largest = (values: Float32Array): number =>
  values.reduce((held, value) => Math.max(held, Math.abs(value)), 0);

/** Checks d sum(y) / d state for every element of the given states. */
function checkGraph(build: (builder: ProgramBuilder, states: GraphValue[]) => GraphValue): void {
  const builder = new ProgramBuilder();
  builder.op("load", [], [0], [1, 2]);
  const uniform = { kind: "uniform", boundBits: 0x3f800000 } as const;
  const states = [
    builder.state("a", [2, 3], uniform),
    builder.state("b", [1, 3], uniform),
    builder.state("c", [3, 2], uniform),
  ];
  const y = build(builder, states);
  const gradients = appendGradients(builder, y, builder.filled(1, y.shape), states);
  builder.output("y", y);
  for (const [index, gradient] of gradients.entries()) builder.output(`g${index}`, gradient);
  const program = checkProgram(builder.finish());
  if (!program.ok) throw new Error(JSON.stringify(program.rejection));
  // Away from zero, so that div, log and sqrt are smooth.
  const values = initialStates(seed, program.value).map((state) => state.map((v) => 1.5 + v / 2));
  const batch = new Uint8Array(2);
  const made = evaluateStep(program.value, values, { step: 1, batch });
  for (const state of [0, 1, 2]) {
    const gradient = made[program.value.outputs[state + 1].value.index];
    for (let element = 0; element < gradient.length; element += 1) {
      const expected = difference(program.value, values, batch, 0, state, element);
      expectClose(gradient[element], expected, largest(gradient));
    }
  }
}

describe("appendGradients", () => {
  it("agrees with differences for elementwise ops and broadcasting", () => {
    checkGraph((g, [a, b]) => g.op("mul", [a, b]));
    checkGraph((g, [a, b]) => g.op("div", [a, b]));
    checkGraph((g, [a, b]) => g.op("sub", [b, g.op("add", [a, a])]));
    checkGraph((g, [a]) => g.op("sqrt", [a]));
    checkGraph((g, [a, b]) => g.op("log", [g.op("exp", [g.op("mul", [a, b])])]));
    checkGraph((g, [a]) => g.op("relu", [g.op("sub", [a, g.filled(1.5, [2, 3])])]));
  });

  it("agrees with differences for products, reductions and moves", () => {
    checkGraph((g, [a, , c]) => g.op("matmul", [a, c], [0]));
    checkGraph((g, [a, b, c]) => {
      const product = g.op("matmul", [g.op("mul", [a, b]), c], [0]);
      return g.op("mul", [product, product]);
    });
    checkGraph((g, [a]) => g.op("mul", [g.op("sum", [a], [1]), a]));
    checkGraph((g, [a, b]) => g.op("mul", [g.op("mean", [a], [0]), b]));
    checkGraph((g, [a, , c]) => g.op("mul", [g.op("transpose", [a], [1, 0]), c]));
    checkGraph((g, [a, , c]) => g.op("div", [g.op("reshape", [a], [], [3, 2]), c]));
  });

  it("stops where a needed op has no gradient", () => {
    expect(() => {
      checkGraph((g, [a]) => g.op("max", [a], [1]));
    }).toThrow("ENGINE_NO_GRADIENT");
  });

  it("agrees with differences for a whole classifier", () => {
    const compiled = compileTraining({
      input: { height: 5, width: 5, channels: 2 },
      classes: 3,
      batchSize: 4,
      layers: [
        { type: "conv2d", filters: 3, kernel: 3, activation: "relu" },
        { type: "conv2d", filters: 2, kernel: 5, activation: "none" },
        { type: "max-pool", size: 2 },
        { type: "flatten" },
        { type: "dense", units: 6, activation: "relu" },
        { type: "dense", units: 3, activation: "none" },
      ],
      loss: "softmax-cross-entropy",
      optimizer: { type: "sgd-momentum", momentum: 0.5, schedule: [{ step: 1, rate: 0.25 }] },
    });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.rejection));
    const program = compiled.value;
    const batch = Uint8Array.from({ length: 4 * 51 }, (_, at) =>
      at % 51 === 50 ? (at * 7) % 3 : (at * 89 + ((at * at) % 61)) % 256,
    );
    const states = initialStates(seed, program);
    const values = evaluateStep(program, states, { step: 1, batch });
    const after = updatedStates(program, states, values);
    const parameters = states.length / 2;
    for (let state = 0; state < parameters; state += 1) {
      // The first velocity is the gradient itself, and the rate is a quarter.
      const gradient = after[parameters + state];
      const scale = largest(gradient);
      expect(scale).toBeGreaterThan(0);
      for (let element = 0; element < gradient.length; element += 1) {
        const expected = difference(program, states, batch, 0, state, element);
        expectClose(gradient[element], expected, 4 * scale);
        const moved = Math.fround(states[state][element] - Math.fround(gradient[element] * 0.25));
        expect(after[state][element]).toBe(moved);
      }
    }
  });
});
