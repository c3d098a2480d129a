/** Decides `sigmoid`: 1 / (1 + e^−x) as written in NUMERICS.md. */
import { sigmoidOf } from "../elementary/sigmoid.ts";
import { evaluateEach } from "./elementwise.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/**
 * 1 / (1 + e^−x) as written in NUMERICS.md, elementwise.
 * @bound  error against fp64 below 2.5 ulp for x > −66.5; +0 from −66.6 down
 */
export const sigmoid: Op = {
  name: "sigmoid",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("sigmoid", inputs, attributes),
  evaluate: (call) => evaluateEach(call, sigmoidOf),
  cost: (_inputs, _attributes, shape) => 16 * elementCount(shape),
  // y·(1 − y), from the value that is there already.
  gradient: ({ graph, output, outputGradient }) => {
    const rest = graph.op("sub", [graph.filled(1, output.shape), output]);
    return [graph.op("mul", [outputGradient, graph.op("mul", [output, rest])])];
  },
};
