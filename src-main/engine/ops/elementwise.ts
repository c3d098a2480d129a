/** Decides how an op of one operand meets its elements: one by one, shape kept. */
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Shape } from "../program/program.ts";
import { refuseAttribute, refuseShape, sameShape } from "./op.ts";
import type { OpCall } from "./op.ts";

/** Applies a scalar function to every element. */
export function evaluateEach({ inputs: [x] }: OpCall, apply: (x: number) => number): Float32Array {
  const result = new Float32Array(x.length);
  for (let i = 0; i < x.length; i += 1) result[i] = apply(x[i]);
  return result;
}

/** The shape rule of ops of a value and a gradient of the same shape, without attributes. */
export function pairShape(
  op: string,
  [x, dy]: readonly Shape[],
  attributes: readonly number[],
): Outcome<Shape> {
  if (attributes.length !== 0) return refuseAttribute(op, "takes no attributes");
  if (!sameShape(x, dy)) return refuseShape(op, "both inputs have one shape");
  return accept(x);
}
