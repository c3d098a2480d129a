/** Decides the kinds of relu that are graphs of ops (NUMERICS.md, "Kinds of relu"). */
import { canon } from "../canon.ts";
import type { Graph, GraphValue } from "../ops/op.ts";

/** One number that meets every element. */
const single = (graph: Graph, x: GraphValue, value: number): GraphValue =>
  graph.filled(
    value,
    x.shape.map(() => 1),
  );

/**
 * min(relu(x), 6) as 6 − relu(6 − relu(x)).
 * @bound  exact from 3 on; below it within 2^-22, as 6 − x is rounded
 */
export function appendRelu6(graph: Graph, x: GraphValue): GraphValue {
  const six = single(graph, x, 6);
  const lacking = graph.op("sub", [six, graph.op("relu", [x])]);
  return graph.op("sub", [six, graph.op("relu", [lacking])]);
}

/**
 * x > 0 ? x : slope · x, as relu(x) − slope · relu(−x).
 * @bound  the product is rounded once; all else is exact
 */
export function appendLeakyRelu(graph: Graph, x: GraphValue, slope: number): GraphValue {
  const below = graph.op("relu", [graph.op("sub", [single(graph, x, 0), x])]);
  const bent = graph.op("mul", [below, single(graph, x, canon(slope))]);
  return graph.op("sub", [graph.op("relu", [x]), bent]);
}
