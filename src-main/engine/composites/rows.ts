/** Decides how a tensor is seen as rows of its last axis; a reshape costs nothing. */
import { elementCount } from "../ops/op.ts";
import type { Graph, GraphValue } from "../ops/op.ts";

/** x [..., D] as [N, D]. */
export function asRows(graph: Graph, x: GraphValue): GraphValue {
  const width = x.shape[x.shape.length - 1];
  if (x.shape.length === 2) return x;
  return graph.op("reshape", [x], [], [elementCount(x.shape) / width, width]);
}

/** A vector [D] as [1, D], so that it meets every row. */
export function asRow(graph: Graph, vector: GraphValue): GraphValue {
  return graph.op("reshape", [vector], [], [1, vector.shape[0]]);
}
