/** Decides SiLU, x·sigmoid(x) (Elfwing et al. 2017, arXiv 1702.03118), as a graph of ops. */
import type { Graph, GraphValue } from "../ops/op.ts";

/**
 * mul(x, sigmoid(x)); the gradient is dy·(s + y·(1 − s)).
 * @bound  error of an element against fp64 below 3.5 ulp for x > −66.5
 */
export function appendSilu(graph: Graph, x: GraphValue): GraphValue {
  const share = graph.op("sigmoid", [x]);
  const y = graph.op("mul", [x, share]);
  return graph.composite(y, [x], ({ outputGradient }) => {
    const rest = graph.op("sub", [graph.filled(1, x.shape), share]);
    const slope = graph.op("add", [share, graph.op("mul", [y, rest])]);
    return [graph.op("mul", [outputGradient, slope])];
  });
}
