/** Decides average pooling as a graph of ops (NUMERICS.md, "Average pool"). */
import type { Graph, GraphValue } from "../ops/op.ts";
import { appendWindows, appendZeros, reachesOver } from "./windows.ts";
import type { Ends, Windows } from "./windows.ts";

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

/** Sums of the windows of x [N, H, W, C] as [N, OH, 1, OW, 1, C]. */
function windowSums(graph: Graph, x: GraphValue, windows: Windows): GraphValue {
  const { size } = windows;
  const spread = appendWindows(graph, x, windows);
  const [images, height, width, channels] = spread.shape;
  const split = [images, height / size, size, width / size, size, channels];
  const pixels = graph.op("reshape", [spread], [], split);
  return graph.op("sum", [graph.op("sum", [pixels], [4])], [2]);
}

/**
 * The same over windows that overlap, leave gaps or reach over the edges: each sum is divided by
 * the number of the window's pixels that lie in the image.
 * @param around  pixels outside that windows reach over
 * @bound  each window holds a pixel of x; error as of `appendAveragePool`
 */
export function appendAveragePoolOver(
  graph: Graph,
  x: GraphValue,
  windows: Windows,
  around: readonly Ends[] = [],
): GraphValue {
  const { size, stride } = windows;
  const hasEdge = reachesOver(around);
  if (!hasEdge && stride === size) return appendAveragePool(graph, x, size);
  const total = windowSums(graph, appendZeros(graph, x, around), windows);
  const inside = graph.filled(1, [1, x.shape[1], x.shape[2], 1]);
  const count = hasEdge
    ? windowSums(graph, appendZeros(graph, inside, around), windows)
    : graph.filled(size * size, [1, 1, 1, 1, 1, 1]);
  const y = graph.op("div", [total, count]);
  const [images, high, , wide, , channels] = y.shape;
  return graph.op("reshape", [y], [], [images, high, wide, channels]);
}
