/**
 * Decides what an op is: its shape rule, its meaning as plain evaluation, its price and its
 * gradient. Each op is one file here and keeps its name everywhere.
 */
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Shape, ValueRef } from "../program/program.ts";

/** Everything an op's value depends on. */
export interface OpCall {
  readonly inputs: readonly Float32Array[];
  readonly inputShapes: readonly Shape[];
  readonly attributes: readonly number[];
  /** Shape of the output, already checked by the shape rule. */
  readonly shape: Shape;
  /** 1-based step number. */
  readonly step: number;
  /** Raw bytes of the batch, for `load`. */
  readonly batch: Uint8Array;
}

/** A value of a graph under construction. */
export interface GraphValue {
  readonly ref: ValueRef;
  readonly shape: Shape;
}

/** Where gradients append their ops; `program/builder.ts` is the implementation. */
export interface Graph {
  /** Appends an op; `shape` only where the shape rule cannot derive it. */
  op(
    name: string,
    inputs: readonly GraphValue[],
    attributes?: readonly number[],
    shape?: Shape,
  ): GraphValue;
  /** A tensor filled with one f32 value. */
  filled(value: number, shape: Shape): GraphValue;
  /**
   * Says how a value made by several ops is differentiated as a whole: gradients then go from it
   * straight to `inputs`, and the ops in between get none of their own. The program stays a list
   * of primitive ops. Ops in between may be used by nothing but this value.
   */
  composite(
    output: GraphValue,
    inputs: readonly GraphValue[],
    gradient: CompositeGradient,
  ): GraphValue;
}

/** What a composite's gradient rule is given. */
export interface CompositeCall {
  readonly outputGradient: GraphValue;
  /** Which of the composite's inputs need a gradient. */
  readonly needed: readonly boolean[];
}

/** Gradients of a composite's inputs, in their order. */
export type CompositeGradient = (call: CompositeCall) => readonly (GraphValue | undefined)[];

/** What a gradient rule is given. */
export interface GradientCall {
  readonly graph: Graph;
  readonly inputs: readonly GraphValue[];
  readonly attributes: readonly number[];
  readonly output: GraphValue;
  readonly outputGradient: GraphValue;
  /** Which inputs need a gradient; the others may be left out. */
  readonly needed: readonly boolean[];
}

/** One primitive op. */
export interface Op {
  readonly name: string;
  readonly inputCount: number;
  /**
   * The output shape.
   * @param declared  the record's own shape, used only where inputs do not determine it
   * @rejects ENGINE_SHAPE, ENGINE_ATTRIBUTE, ENGINE_LIMIT
   */
  outputShape(
    inputs: readonly Shape[],
    attributes: readonly number[],
    declared: Shape,
  ): Outcome<Shape>;
  /** The whole output, row-major. */
  evaluate(call: OpCall): Float32Array;
  /** One output element without the rest; absent where `evaluate` costs little more. */
  evaluateElement?(call: OpCall, index: number): number;
  /** Price in multiply-accumulates (program/cost.ts). */
  cost(inputs: readonly Shape[], attributes: readonly number[], shape: Shape): number;
  /** Gradients of the inputs; absent where there is none, so that a model using it is refused. */
  gradient?(call: GradientCall): readonly (GraphValue | undefined)[];
}

/** Number of elements of a shape. */
export function elementCount(shape: Shape): number {
  let count = 1;
  for (const dim of shape) count *= dim;
  return count;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** Refuses with ENGINE_SHAPE; `rule` says in words what had to hold. */
export function refuseShape(op: string, rule: string): Outcome<Shape> {
  return reject("ENGINE_SHAPE", { op, rule });
}

/** Refuses with ENGINE_ATTRIBUTE; `rule` says in words what had to hold. */
export function refuseAttribute(op: string, rule: string): Outcome<Shape> {
  return reject("ENGINE_ATTRIBUTE", { op, rule });
}

/** The shape rule of ops that keep their only input's shape and take no attributes. */
export function keepShape(op: string, inputs: readonly Shape[], attributes: readonly number[]) {
  if (attributes.length !== 0) return refuseAttribute(op, "takes no attributes");
  return accept(inputs[0]);
}
