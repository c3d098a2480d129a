/**
 * Decides what a program's step is worth: a fixed table in multiply-accumulates, never time. A
 * contraction counts its products, padding included; an element of another op counts 1, of div
 * and sqrt 4, of exp and log 16; reshape, constant and schedule are free.
 */
import { invariant } from "../../contract/outcome.ts";
import type { OpRecord, Program, Shape, ValueRef } from "./program.ts";
import { opNamed } from "../ops/registry.ts";

/** The shape of any value of a program. */
export function shapeOfValue(program: Program, ref: ValueRef): Shape {
  return ref.from === "state" ? program.states[ref.index].shape : program.ops[ref.index].shape;
}

/** The price of one op of a checked program. */
export function opCost(program: Program, record: OpRecord): number {
  const op = opNamed(record.op);
  invariant(op !== undefined, "a checked program names known ops only");
  const inputs = record.inputs.map((ref) => shapeOfValue(program, ref));
  return op.cost(inputs, record.attributes, record.shape);
}

/** The price of one step of a checked program, an exact integer below STEP_COST_MAX. */
export function stepCost(program: Program): number {
  let cost = 0;
  for (const record of program.ops) cost += opCost(program, record);
  return cost;
}
