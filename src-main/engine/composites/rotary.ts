/**
 * Decides rotary positions (Su et al. 2021, arXiv 2104.09864) as a graph of ops (NUMERICS.md,
 * "Rotary positions"), the two halves of the last axis turned against each other.
 */
import { canon } from "../canon.ts";
import type { Graph, GraphValue } from "../ops/op.ts";
import { appendConcat } from "./concat.ts";

/** ln 10000: the slowest pair turns once in some 2π·10000 positions. */
const LOG_BASE = 9.210340371976184;

/**
 * x [N, T, D] with D even: at position t the pair (x_i, x_i+D/2) is turned by t·10000^(−2i/D).
 * @bound  T ≤ 8192; error of an element against fp64 below 2^-20 · |pair| for T ≤ 1024
 */
export function appendRotary(graph: Graph, x: GraphValue): GraphValue {
  const [, positions, width] = x.shape;
  const half = width / 2;
  const index = graph.op("range", [], [2], [1, 1, half]);
  const rate = graph.filled(canon((-2 * LOG_BASE) / width), [1, 1, 1]);
  const speed = graph.op("exp", [graph.op("mul", [index, rate])]);
  const angle = graph.op("mul", [graph.op("range", [], [1], [1, positions, 1]), speed]);
  const [cos, sin] = [graph.op("cos", [angle]), graph.op("sin", [angle])];
  const [a, b] = [0, half].map((first) => graph.op("slice", [x], [2, first, half]));
  const left = graph.op("sub", [graph.op("mul", [a, cos]), graph.op("mul", [b, sin])]);
  const right = graph.op("add", [graph.op("mul", [b, cos]), graph.op("mul", [a, sin])]);
  return appendConcat(graph, left, right, 2);
}
