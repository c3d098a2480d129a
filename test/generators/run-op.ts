/** Runs one op of the reference alone, on tensors given as values and shape. */
import { opNamed } from "../../src-main/engine/ops/registry.ts";
import type { OpCall } from "../../src-main/engine/ops/op.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import type { Shape } from "../../src-main/engine/program/program.ts";

/** A tensor. */
export interface Tensor {
  readonly values: Float32Array;
  readonly shape: Shape;
}

/** What else an op may read. */
export interface Surroundings {
  readonly attributes?: readonly number[];
  readonly declared?: Shape;
  readonly step?: number;
  readonly batch?: Uint8Array;
}

/** A tensor from plain numbers. */
export function tensorOf(shape: Shape, values: Iterable<number>): Tensor {
  return { shape, values: Float32Array.from(values) };
}

/** The op's shape rule on shapes alone. */
export function shapeOf(
  name: string,
  inputs: readonly Shape[],
  attributes: readonly number[] = [],
  declared: Shape = [],
): Outcome<Shape> {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`no op ${name}`);
  return op.outputShape(inputs, attributes, declared);
}

/** Code of a refusal, or the accepted shape as text. */
export function verdictOf(outcome: Outcome<Shape>): string {
  return outcome.ok ? outcome.value.join("×") : outcome.rejection.code;
}

/** The checked call of an op. */
export function callOf(name: string, inputs: readonly Tensor[], around: Surroundings = {}): OpCall {
  const inputShapes = inputs.map(({ shape }) => shape);
  const attributes = around.attributes ?? [];
  const shape = shapeOf(name, inputShapes, attributes, around.declared);
  if (!shape.ok) throw new Error(`${name}: ${shape.rejection.code}`);
  return {
    inputs: inputs.map(({ values }) => values),
    inputShapes,
    attributes,
    shape: shape.value,
    step: around.step ?? 1,
    batch: around.batch ?? new Uint8Array(0),
  };
}

/** The op's value. */
export function runOp(name: string, inputs: readonly Tensor[], around: Surroundings = {}): Tensor {
  const call = callOf(name, inputs, around);
  const op = opNamed(name);
  if (op === undefined) throw new Error(`no op ${name}`);
  return { shape: call.shape, values: op.evaluate(call) };
}
