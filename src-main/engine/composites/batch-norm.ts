/**
 * Decides batch norm (Ioffe and Szegedy 2015, arXiv 1502.03167) as a graph of ops (NUMERICS.md,
 * "Norms"): over the rows of a batch while training, by running statistics otherwise.
 */
import type { Graph, GraphValue } from "../ops/op.ts";
import { columnSums } from "./layer-norm.ts";
import { asRow, asRows } from "./rows.ts";

/** A column's mean and variance over the batch, [C] each. */
export interface BatchStatistics {
  readonly mean: GraphValue;
  readonly variance: GraphValue;
}

/**
 * Each column of x [..., C] moved to mean 0 and variance 1 over all its rows, then times gain [C],
 * plus shift [C]. The variance divides by the number of rows.
 * @param epsilon  a canonical number above 0
 * @bound  rows ≤ 2^23; error as of layer norm
 */
export function appendBatchNorm(
  graph: Graph,
  x: GraphValue,
  gain: GraphValue,
  shift: GraphValue,
  epsilon: number,
): { readonly y: GraphValue; readonly statistics: BatchStatistics } {
  const rows = asRows(graph, x);
  const mean = graph.op("mean", [rows], [0]);
  const centred = graph.op("sub", [rows, mean]);
  const variance = graph.op("mean", [graph.op("mul", [centred, centred])], [0]);
  const spread = graph.op("sqrt", [graph.op("add", [variance, graph.filled(epsilon, [1, 1])])]);
  const normal = graph.op("div", [centred, spread]);
  const scaled = graph.op("mul", [normal, asRow(graph, gain)]);
  const y = graph.op("reshape", [graph.op("bias", [scaled, shift])], [], x.shape);
  graph.composite(y, [x, gain, shift], ({ outputGradient, needed }) => {
    const dy = asRows(graph, outputGradient);
    const forX = () => {
      const g = graph.op("mul", [dy, asRow(graph, gain)]);
      const share = graph.op("mean", [graph.op("mul", [g, normal])], [0]);
      const free = graph.op("sub", [g, graph.op("mean", [g], [0])]);
      const rest = graph.op("sub", [free, graph.op("mul", [normal, share])]);
      return graph.op("reshape", [graph.op("div", [rest, spread])], [], x.shape);
    };
    return [
      needed[0] ? forX() : undefined,
      needed[1] ? columnSums(graph, graph.op("mul", [dy, normal]), gain) : undefined,
      needed[2] ? columnSums(graph, dy, shift) : undefined,
    ];
  });
  const flat = (value: GraphValue) => graph.op("reshape", [value], [], gain.shape);
  return { y, statistics: { mean: flat(mean), variance: flat(variance) } };
}

/** The same by statistics that are given, for looking instead of training. */
export function appendRunningNorm(
  graph: Graph,
  x: GraphValue,
  gain: GraphValue,
  shift: GraphValue,
  { mean, variance }: BatchStatistics,
  epsilon: number,
): GraphValue {
  const centred = graph.op("sub", [asRows(graph, x), asRow(graph, mean)]);
  const moved = graph.op("add", [asRow(graph, variance), graph.filled(epsilon, [1, 1])]);
  const normal = graph.op("div", [centred, graph.op("sqrt", [moved])]);
  const scaled = graph.op("mul", [normal, asRow(graph, gain)]);
  return graph.op("reshape", [graph.op("bias", [scaled, shift])], [], x.shape);
}
