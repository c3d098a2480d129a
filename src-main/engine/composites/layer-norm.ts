/**
 * Decides layer norm (Ba et al. 2016, arXiv 1607.06450) as a graph of ops (NUMERICS.md, "Norms").
 * Epsilon stands inside the root, as models made elsewhere have it.
 */
import type { Graph, GraphValue } from "../ops/op.ts";
import { asRow, asRows } from "./rows.ts";

/**
 * Each row of x [..., D] moved to mean 0 and variance 1, then times gain [D], plus shift [D].
 * @param epsilon  a canonical number above 0
 * @bound  D ≤ 2^23, row sums within 2^60; error of an element against fp64 below
 *         2^-20 · max(1, |gain|) where the row's
 *         spread is not below 2^-10 of its largest element
 */
export function appendLayerNorm(
  graph: Graph,
  x: GraphValue,
  gain: GraphValue,
  shift: GraphValue,
  epsilon: number,
): GraphValue {
  const rows = asRows(graph, x);
  const centred = graph.op("sub", [rows, graph.op("mean", [rows], [1])]);
  const variance = graph.op("mean", [graph.op("mul", [centred, centred])], [1]);
  const spread = graph.op("sqrt", [graph.op("add", [variance, graph.filled(epsilon, [1, 1])])]);
  const normal = graph.op("div", [centred, spread]);
  const scaled = graph.op("mul", [normal, asRow(graph, gain)]);
  const y = graph.op("reshape", [graph.op("bias", [scaled, shift])], [], x.shape);
  return graph.composite(y, [x, gain, shift], ({ outputGradient, needed }) => {
    const dy = asRows(graph, outputGradient);
    const forGain = () => columnSums(graph, graph.op("mul", [dy, normal]), gain);
    const forX = () => {
      const g = graph.op("mul", [dy, asRow(graph, gain)]);
      const share = graph.op("mean", [graph.op("mul", [g, normal])], [1]);
      const free = graph.op("sub", [g, graph.op("mean", [g], [1])]);
      const rest = graph.op("sub", [free, graph.op("mul", [normal, share])]);
      return graph.op("reshape", [graph.op("div", [rest, spread])], [], x.shape);
    };
    return [
      needed[0] ? forX() : undefined,
      needed[1] ? forGain() : undefined,
      needed[2] ? columnSums(graph, dy, shift) : undefined,
    ];
  });
}

/** Sums over the rows, in the shape of `like` [D]. */
export function columnSums(graph: Graph, rows: GraphValue, like: GraphValue): GraphValue {
  return graph.op("reshape", [graph.op("sum", [rows], [0])], [], like.shape);
}
