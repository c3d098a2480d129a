/** Decides average pooling as a graph of ops (NUMERICS.md, "Average pool"). */
import type { Graph, GraphValue } from "../ops/op.ts";

/**
 * x [N, H, W, C] to means of windows size × size that do not overlap; what is left over at the
 * right and lower edge is cut off. Sums along the width, then along the height, then div.
 * @bound  size ≤ H, W; error of an element against fp64 below 3 ulp of the window's largest
 */
export function appendAveragePool(graph: Graph, x: GraphValue, size: number): GraphValue {
  const [images, , , channels] = x.shape;
  const [high, wide] = [Math.floor(x.shape[1] / size), Math.floor(x.shape[2] / size)];
  let whole = x;
  for (const [axis, count] of [high, wide].entries()) {
    if (whole.shape[axis + 1] === count * size) continue;
    whole = graph.op("slice", [whole], [axis + 1, 0, count * size]);
  }
  const windows = graph.op("reshape", [whole], [], [images, high, size, wide, size, channels]);
  const total = graph.op("sum", [graph.op("sum", [windows], [4])], [2]);
  const count = graph.filled(size * size, [1, 1, 1, 1, 1, 1]);
  const y = graph.op("div", [total, count]);
  return graph.op("reshape", [y], [], [images, high, wide, channels]);
}
