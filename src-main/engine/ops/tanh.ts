/** Decides `tanh`: tanh(x) as written in NUMERICS.md. */
import { tanhOf } from "../elementary/tanh.ts";
import { evaluateEach } from "./elementwise.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/**
 * tanh(x) as written in NUMERICS.md, elementwise.
 * @bound  error against fp64 below 2 ulp; ±1 from |x| = 9.02 on
 */
export const tanh: Op = {
  name: "tanh",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("tanh", inputs, attributes),
  evaluate: (call) => evaluateEach(call, tanhOf),
  cost: (_inputs, _attributes, shape) => 16 * elementCount(shape),
  gradient: ({ graph, output, outputGradient }) => {
    const square = graph.op("mul", [output, output]);
    const slope = graph.op("sub", [graph.filled(1, output.shape), square]);
    return [graph.op("mul", [outputGradient, slope])];
  },
};
