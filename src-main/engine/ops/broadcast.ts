/** Decides how two shapes meet: equal rank, each dimension equal or 1 in one of them. */
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Shape } from "../program/program.ts";
import { elementCount, refuseAttribute, refuseShape, sameShape } from "./op.ts";
import type { Graph, GraphValue, OpCall } from "./op.ts";

/** The shape rule of a binary op. */
export function broadcastShape(
  op: string,
  inputs: readonly Shape[],
  attributes: readonly number[],
): Outcome<Shape> {
  if (attributes.length !== 0) return refuseAttribute(op, "takes no attributes");
  const [a, b] = inputs;
  if (a.length !== b.length) return refuseShape(op, "both inputs have the same rank");
  const shape: number[] = [];
  for (let axis = 0; axis < a.length; axis += 1) {
    if (a[axis] !== b[axis] && a[axis] !== 1 && b[axis] !== 1) {
      return refuseShape(op, "each dimension is equal, or 1 in one input");
    }
    shape.push(a[axis] > b[axis] ? a[axis] : b[axis]);
  }
  return accept(shape);
}

/** Row-major element strides of `shape`, 0 along axes it repeats to fill `target`. */
function repeatStrides(shape: Shape, target: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    strides[axis] = shape[axis] === 1 && target[axis] !== 1 ? 0 : stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Applies a scalar function to every pair of elements that meet. */
export function evaluateBroadcast(
  call: OpCall,
  apply: (a: number, b: number) => number,
): Float32Array {
  const [a, b] = call.inputs;
  const [aShape, bShape] = call.inputShapes;
  const { shape } = call;
  const result = new Float32Array(elementCount(shape));
  if (sameShape(aShape, bShape)) {
    for (let i = 0; i < result.length; i += 1) result[i] = apply(a[i], b[i]);
    return result;
  }
  const aStrides = repeatStrides(aShape, shape);
  const bStrides = repeatStrides(bShape, shape);
  const last = shape.length - 1;
  const position = new Array<number>(shape.length).fill(0);
  for (let at = 0; at < result.length; at += shape[last]) {
    let aAt = 0;
    let bAt = 0;
    for (let axis = 0; axis < last; axis += 1) {
      aAt += position[axis] * aStrides[axis];
      bAt += position[axis] * bStrides[axis];
    }
    for (let i = 0; i < shape[last]; i += 1) {
      result[at + i] = apply(a[aAt + i * aStrides[last]], b[bAt + i * bStrides[last]]);
    }
    for (let axis = last - 1; axis >= 0; axis -= 1) {
      position[axis] += 1;
      if (position[axis] < shape[axis]) break;
      position[axis] = 0;
    }
  }
  return result;
}

/** Sums a gradient over the axes along which `shape` was repeated, lowest axis first. */
export function reduceTo(graph: Graph, gradient: GraphValue, shape: Shape): GraphValue {
  let reduced = gradient;
  for (let axis = 0; axis < shape.length; axis += 1) {
    if (shape[axis] === 1 && reduced.shape[axis] !== 1)
      reduced = graph.op("sum", [reduced], [axis]);
  }
  return reduced;
}
