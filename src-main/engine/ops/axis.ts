/** Decides how a reduction walks one axis; that axis becomes 1. */
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { SUM_AXIS_MAX } from "../limits.ts";
import type { Shape } from "../program/program.ts";
import { elementCount, refuseAttribute } from "./op.ts";
import type { OpCall } from "./op.ts";

/** The shape rule of a reduction with the one attribute axis. */
export function reducedShape(op: string, x: Shape, attributes: readonly number[]): Outcome<Shape> {
  const [axis] = attributes;
  if (attributes.length !== 1 || axis < 0 || axis >= x.length) {
    return refuseAttribute(op, "one attribute, an axis that exists");
  }
  if (x[axis] > SUM_AXIS_MAX) {
    return reject("ENGINE_LIMIT", { what: "axis", value: x[axis], max: SUM_AXIS_MAX });
  }
  return accept(x.map((dim, at) => (at === axis ? 1 : dim)));
}

/** Applies `reduce` to every line along the axis; a line is first index, count, stride. */
export function evaluateLines(
  { inputs: [x], inputShapes: [xShape], attributes: [axis], shape }: OpCall,
  reduce: (x: Float32Array, first: number, count: number, stride: number) => number,
): Float32Array {
  const count = xShape[axis];
  const inner = elementCount(xShape.slice(axis + 1));
  const result = new Float32Array(elementCount(shape));
  for (let at = 0; at < result.length; at += 1) {
    const outer = Math.floor(at / inner);
    result[at] = reduce(x, outer * count * inner + (at - outer * inner), count, inner);
  }
  return result;
}
