/**
 * Decides causal attention (Vaswani et al. 2017, arXiv 1706.03762) as a graph of ops (NUMERICS.md,
 * "Causal attention"): the powers are multiplied by the values first and divided by their sum
 * after, so that every row of them has the same known exponent.
 */
import { canon } from "../canon.ts";
import type { Graph, GraphValue } from "../ops/op.ts";

/** −2^60: what a masked score is. */
const MASKED_BITS = 0xdd800000 | 0;

/**
 * Queries, keys and values [N, T, D] to [N, T, D]: row t looks at rows 0 to t.
 * @param profile  of all products
 * @bound  the largest power of a row is exactly 1, so the row's exponent is −12 (I14: the least e
 *         with 1 ≤ 8127·2^e) or −6 (I8) in E·V, whatever the scores are; a kernel that fuses may
 *         take it as known. Error of an element against fp64 as of two products
 */
export function appendCausalAttention(
  graph: Graph,
  [queries, keys, values]: readonly [GraphValue, GraphValue, GraphValue],
  profile: number,
): GraphValue {
  const scale = graph.filled(canon(1 / Math.sqrt(queries.shape[2])), [1, 1, 1]);
  const scaled = graph.op("mul", [queries, scale]);
  const scores = graph.op("batch-matmul", [scaled, keys], [profile, 0, 1]);
  const masked = graph.op("causal-mask", [scores], [0, MASKED_BITS]);
  const powers = graph.op("exp", [graph.op("sub", [masked, graph.op("max", [masked], [2])])]);
  const total = graph.op("sum", [powers], [2]);
  const mixed = graph.op("batch-matmul", [powers, values], [profile, 0, 0]);
  const y = graph.op("div", [mixed, total]);
  return graph.composite(y, [queries, keys, values], ({ outputGradient }) => {
    const forMixed = graph.op("div", [outputGradient, total]);
    const forValues = graph.op("batch-matmul", [powers, forMixed], [profile, 1, 0]);
    const share = graph.op("sum", [graph.op("mul", [forMixed, y])], [2]);
    const reached = graph.op("batch-matmul", [forMixed, values], [profile, 0, 1]);
    // A masked power is +0, and so is what reaches its score.
    const forScores = graph.op("mul", [powers, graph.op("sub", [reached, share])]);
    const forScaled = graph.op("batch-matmul", [forScores, keys], [profile, 0, 0]);
    const forKeys = graph.op("batch-matmul", [forScores, scaled], [profile, 1, 0]);
    return [graph.op("mul", [forScaled, scale]), forKeys, forValues];
  });
}
