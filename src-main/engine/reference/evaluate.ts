/** Decides what a step does: each op once, in order, then all updates at once. */
import { invariant } from "../../contract/outcome.ts";
import type { OpCall } from "../ops/op.ts";
import { evaluateElement, opNamed } from "../ops/registry.ts";
import { shapeOfValue } from "../program/cost.ts";
import type { Program, ValueRef } from "../program/program.ts";

/** What a step reads besides the program. */
export interface StepInput {
  /** 1-based step number. */
  readonly step: number;
  /** Raw bytes of the batch's samples. */
  readonly batch: Uint8Array;
}

/** Finds a value of the step: a state tensor before it, or an op's value. */
export type ReadValue = (ref: ValueRef) => Float32Array;

/** The call of op `index` of a checked program. */
function callOf(program: Program, index: number, input: StepInput, read: ReadValue): OpCall {
  const record = program.ops[index];
  return {
    inputs: record.inputs.map(read),
    inputShapes: record.inputs.map((ref) => shapeOfValue(program, ref)),
    attributes: record.attributes,
    shape: record.shape,
    step: input.step,
    batch: input.batch,
  };
}

/**
 * The values of all ops of one step.
 * @param states  the state tensors before the step; left untouched
 */
export function evaluateStep(
  program: Program,
  states: readonly Float32Array[],
  input: StepInput,
): readonly Float32Array[] {
  const values: Float32Array[] = [];
  const read: ReadValue = (ref) => (ref.from === "state" ? states[ref.index] : values[ref.index]);
  for (const [index, record] of program.ops.entries()) {
    const op = opNamed(record.op);
    invariant(op !== undefined, "a checked program names known ops only");
    values.push(op.evaluate(callOf(program, index, input, read)));
  }
  return values;
}

/** The state tensors after a step whose op values are known. */
export function updatedStates(
  program: Program,
  states: readonly Float32Array[],
  values: readonly Float32Array[],
): readonly Float32Array[] {
  const after = [...states];
  for (const { state, value } of program.updates) {
    after[state] = value.from === "state" ? states[value.index] : values[value.index];
  }
  return after;
}

/**
 * One element of op `op`, from the values its inputs have: the spot check of a fast backend and
 * the referee's last move.
 */
export function evaluateOpElement(
  program: Program,
  op: number,
  element: number,
  input: StepInput,
  read: ReadValue,
): number {
  const known = opNamed(program.ops[op].op);
  invariant(known !== undefined, "a checked program names known ops only");
  return evaluateElement(known, callOf(program, op, input, read), element);
}
