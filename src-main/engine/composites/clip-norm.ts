/**
 * Decides clipping by the global norm (Pascanu et al. 2013, arXiv 1211.5063) as a graph of ops
 * (NUMERICS.md, "Global norm").
 */
import { SUM_AXIS_MAX } from "../limits.ts";
import { elementCount } from "../ops/op.ts";
import type { Graph, GraphValue } from "../ops/op.ts";
import { appendConcat } from "./concat.ts";

/** The largest divisor of `count` that one sum may take. */
function firstLevel(count: number): number {
  if (count <= SUM_AXIS_MAX) return count;
  let length = SUM_AXIS_MAX;
  while (count % length !== 0) length -= 1;
  return length;
}

/** The sum of squares of one tensor, [1]; levels of at most 2^23, row by row. */
function squareSum(graph: Graph, value: GraphValue): GraphValue {
  const count = elementCount(value.shape);
  const width = firstLevel(count);
  const squares = graph.op("mul", [value, value]);
  const rows = graph.op("reshape", [squares], [], [count / width, width]);
  const total = graph.op("sum", [graph.op("sum", [rows], [1])], [0]);
  return graph.op("reshape", [total], [], [1]);
}

/** Scalars [1], joined in order. */
function joined(graph: Graph, scalars: readonly GraphValue[]): GraphValue {
  return scalars.reduce((list, scalar) => appendConcat(graph, list, scalar, 0));
}

/**
 * All gradients times limit / max(norm, limit), norm the root of the sum of all squares; where the
 * norm is within the limit, that is exactly 1 and changes nothing.
 * @param limit  a canonical number above 0
 */
export function appendClipNorm(
  graph: Graph,
  gradients: readonly GraphValue[],
  limit: number,
): readonly GraphValue[] {
  const squares = joined(
    graph,
    gradients.map((gradient) => squareSum(graph, gradient)),
  );
  const norm = graph.op("sqrt", [graph.op("sum", [squares], [0])]);
  const bound = graph.filled(limit, [1]);
  const larger = graph.op("max", [appendConcat(graph, norm, bound, 0)], [0]);
  const scale = graph.op("div", [bound, larger]);
  return gradients.map((gradient) => {
    const ones = gradient.shape.map(() => 1);
    return graph.op("mul", [gradient, graph.op("reshape", [scale], [], ones)]);
  });
}
