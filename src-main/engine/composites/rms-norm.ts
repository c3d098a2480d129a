/**
 * Decides RMS norm (Zhang and Sennrich 2019, arXiv 1910.07467) as a graph of ops (NUMERICS.md,
 * "Norms"). Epsilon stands inside the root.
 */
import type { Graph, GraphValue } from "../ops/op.ts";
import { columnSums } from "./layer-norm.ts";
import { asRow, asRows } from "./rows.ts";

/**
 * Each row of x [..., D] divided by the root of its mean square, then times gain [D].
 * @param epsilon  a canonical number above 0
 * @bound  D ≤ 2^23; error of an element against fp64 below 2^-21 · max(1, |y|)
 */
export function appendRmsNorm(
  graph: Graph,
  x: GraphValue,
  gain: GraphValue,
  epsilon: number,
): GraphValue {
  const rows = asRows(graph, x);
  const square = graph.op("mean", [graph.op("mul", [rows, rows])], [1]);
  const size = graph.op("sqrt", [graph.op("add", [square, graph.filled(epsilon, [1, 1])])]);
  const normal = graph.op("div", [rows, size]);
  const scaled = graph.op("mul", [normal, asRow(graph, gain)]);
  const y = graph.op("reshape", [scaled], [], x.shape);
  return graph.composite(y, [x, gain], ({ outputGradient, needed }) => {
    const dy = asRows(graph, outputGradient);
    const forX = () => {
      const g = graph.op("mul", [dy, asRow(graph, gain)]);
      const share = graph.op("mean", [graph.op("mul", [g, normal])], [1]);
      const rest = graph.op("sub", [g, graph.op("mul", [normal, share])]);
      return graph.op("reshape", [graph.op("div", [rest, size])], [], x.shape);
    };
    return [
      needed[0] ? forX() : undefined,
      needed[1] ? columnSums(graph, graph.op("mul", [dy, normal]), gain) : undefined,
    ];
  });
}
