/** Decides depthwise convolution as a graph of ops (NUMERICS.md, "Windows"). */
import type { Graph, GraphValue } from "../ops/op.ts";
import { appendWindows } from "./windows.ts";

/**
 * y[n,oh,ow,c·M+m] = Σ x[n, oh·stride+i, ow·stride+j, c] · w[i,j,c,m], M filters a channel: each
 * product rounded once, summed along the width, then along the height.
 * @param x  [N, H, W, C], its zeros around it
 * @param w  [K, K, C, M]
 * @bound  K ≤ H, W; error of an element against fp64 below (K² + 2) ulp of Σ |x · w|
 */
export function appendDepthwise(
  graph: Graph,
  x: GraphValue,
  w: GraphValue,
  stride: number,
): GraphValue {
  const [size, , channels, multiplier] = w.shape;
  const spread = appendWindows(graph, x, { size, stride });
  const images = x.shape[0];
  const [high, wide] = [spread.shape[1] / size, spread.shape[2] / size];
  const pixels = [images * high, size, wide, size, channels, 1];
  const filters = graph.op("reshape", [w], [], [1, size, 1, size, channels, multiplier]);
  const products = graph.op("mul", [graph.op("reshape", [spread], [], pixels), filters]);
  const sums = graph.op("sum", [graph.op("sum", [products], [3])], [1]);
  return graph.op("reshape", [sums], [], [images, high, wide, channels * multiplier]);
}
