/** Compares the gradients of a graph with central differences in doubles. */
import { expect } from "vitest";
import type { GraphValue } from "../../src-main/engine/ops/op.ts";
import { ProgramBuilder } from "../../src-main/engine/program/builder.ts";
import { checkProgram } from "../../src-main/engine/program/check.ts";
import { appendGradients } from "../../src-main/engine/program/gradient.ts";
import type { Program, Shape } from "../../src-main/engine/program/program.ts";
import { initialStates } from "../../src-main/engine/random/initialise.ts";
import { evaluateStep } from "../../src-main/engine/reference/evaluate.ts";
import { evaluateInDoubles } from "./double-evaluation.ts";

const seed = new Uint8Array(32).fill(5);

/** Central differences of output `output`'s sum by one state element, in doubles. */
export function difference(
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

/** What products of 14 and of 8 bits explain, as a share of the largest element. */
export const TOLERANCE = { I14: 2e-3, I8: 3e-2 } as const;

/** Fails where a gradient is further off than its products explain. */
export function expectClose(
  given: number,
  expected: number,
  scale: number,
  tolerance: number = TOLERANCE.I14,
): void {
  expect(Math.abs(given - expected)).toBeLessThanOrEqual(tolerance * scale + 1e-6);
}

/** Largest magnitude. */
export const largest = (values: Float32Array): number =>
  values.reduce((held, value) => Math.max(held, Math.abs(value)), 0);

/**
 * Checks d sum(y) / d state for every element of states of these shapes, whose values are about 1
 * to 2; gives the names of the forward ops back.
 */
export function checkGradients(
  build: (builder: ProgramBuilder, states: GraphValue[]) => GraphValue,
  shapes: readonly Shape[],
  tolerance: number = TOLERANCE.I14,
): ReadonlySet<string> {
  const builder = new ProgramBuilder();
  builder.op("load", [], [0], [1, 2]);
  const uniform = { kind: "uniform", boundBits: 0x3f800000 } as const;
  const states = shapes.map((shape, at) => builder.state(`state ${at}`, shape, uniform));
  const y = build(builder, states);
  const forward = new Set(builder.ops.map(({ op }) => op));
  const gradients = appendGradients(builder, y, builder.filled(1, y.shape), states);
  builder.output("y", y);
  for (const [index, gradient] of gradients.entries()) builder.output(`g${index}`, gradient);
  const program = checkProgram(builder.finish());
  if (!program.ok) throw new Error(JSON.stringify(program.rejection));
  // Away from zero, so that div, log and sqrt are smooth.
  const values = initialStates(seed, program.value).map((state) => state.map((v) => 1.5 + v / 2));
  const batch = new Uint8Array(2);
  const made = evaluateStep(program.value, values, { step: 1, batch });
  for (const state of shapes.keys()) {
    const gradient = made[program.value.outputs[state + 1].value.index];
    for (let element = 0; element < gradient.length; element += 1) {
      const expected = difference(program.value, values, batch, 0, state, element);
      expectClose(gradient[element], expected, largest(gradient), tolerance);
    }
  }
  return forward;
}
