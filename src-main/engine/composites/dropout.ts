/**
 * Decides dropout (Srivastava et al. 2014) as a graph of ops (NUMERICS.md, "Dropout"): what stays
 * is scaled up, so that looking at a model needs no change.
 */
import { bitsOfFloat, canon } from "../canon.ts";
import type { Graph, GraphValue } from "../ops/op.ts";

/**
 * x times a mask of +0 and 1/(1 − rate).
 * @param key    the state [2] drawn from the job seed
 * @param rate   share that falls out, 0 ≤ rate < 1
 * @param layer  number of this mask in the model; masks of two numbers are independent
 */
export function appendDropout(
  graph: Graph,
  x: GraphValue,
  key: GraphValue,
  rate: number,
  layer: number,
): GraphValue {
  const threshold = Math.floor(rate * 4_294_967_296) | 0;
  const bits = bitsOfFloat(canon(1 / (1 - rate))) | 0;
  const mask = graph.op("dropout-mask", [key], [threshold, bits, layer], x.shape);
  return graph.op("mul", [x, mask]);
}
