/** Decides how two tensors are joined along an axis: each padded with zeros, then added. */
import type { Graph, GraphValue } from "../ops/op.ts";

/** a, then b along the axis; exact, since one of the two is +0 everywhere. */
export function appendConcat(graph: Graph, a: GraphValue, b: GraphValue, axis: number): GraphValue {
  const left = graph.op("pad", [a], [axis, 0, b.shape[axis]]);
  const right = graph.op("pad", [b], [axis, a.shape[axis], 0]);
  return graph.op("add", [left, right]);
}
