/** Decides global average pooling as a graph of ops (NUMERICS.md, "Average pool"). */
import type { Graph, GraphValue } from "../ops/op.ts";

/**
 * x [N, H, W, C] to the mean of each channel over its image, [N, C].
 * @bound  H·W ≤ 2^23; error of an element against fp64 below 2 ulp of the image's largest
 */
export function appendGlobalAveragePool(graph: Graph, x: GraphValue): GraphValue {
  const [images, height, width, channels] = x.shape;
  const pixels = graph.op("reshape", [x], [], [images, height * width, channels]);
  return graph.op("reshape", [graph.op("mean", [pixels], [1])], [], [images, channels]);
}
