/** Decides softmax over one axis as a graph of ops (NUMERICS.md, "Softmax"). */
import type { Graph, GraphValue } from "../ops/op.ts";

/**
 * e^x over its sum along an axis. Elements masked with −2^60 weigh +0 beside any other; where all
 * of them are masked, the result is uniform.
 * @bound  error of an element against fp64 below 2^-21 relative for x − max above −16
 */
export function appendSoftmax(graph: Graph, x: GraphValue, axis: number): GraphValue {
  const powers = graph.op("exp", [graph.op("sub", [x, graph.op("max", [x], [axis])])]);
  const y = graph.op("div", [powers, graph.op("sum", [powers], [axis])]);
  return graph.composite(y, [x], ({ outputGradient }) => {
    const share = graph.op("sum", [graph.op("mul", [outputGradient, y])], [axis]);
    return [graph.op("mul", [y, graph.op("sub", [outputGradient, share])])];
  });
}
