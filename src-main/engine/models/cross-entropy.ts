/** Decides the loss of a classifier, as a graph of ops (NUMERICS.md, "Softmax cross-entropy"). */
import type { Graph, GraphValue } from "../ops/op.ts";

/** The mean loss of the batch and its gradient by the logits. */
export interface ClassifierLoss {
  /** [1]. */
  readonly loss: GraphValue;
  /** [B, classes]: (softmax − target) / B. */
  readonly logitsGradient: GraphValue;
}

/**
 * Appends loss and gradient.
 * @param logits   [B, classes]
 * @param targets  [B, classes], one-hot
 */
export function appendSoftmaxCrossEntropy(
  graph: Graph,
  logits: GraphValue,
  targets: GraphValue,
): ClassifierLoss {
  const [batch] = logits.shape;
  const peak = graph.op("max", [logits], [1]);
  const shifted = graph.op("sub", [logits, peak]);
  const powers = graph.op("exp", [shifted]);
  const total = graph.op("sum", [powers], [1]);
  const logProbability = graph.op("sub", [shifted, graph.op("log", [total])]);
  const picked = graph.op("sum", [graph.op("mul", [targets, logProbability])], [1]);
  const mean = graph.op("mean", [picked], [0]);
  const negative = graph.op("sub", [graph.filled(0, [1, 1]), mean]);
  const softmax = graph.op("div", [powers, total]);
  const error = graph.op("sub", [softmax, targets]);
  return {
    loss: graph.op("reshape", [negative], [], [1]),
    logitsGradient: graph.op("div", [error, graph.filled(batch, [1, 1])]),
  };
}
