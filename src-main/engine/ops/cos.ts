/** Decides `cos`: cos(x) as written in NUMERICS.md. */
import { cosOf } from "../elementary/sine.ts";
import { evaluateEach } from "./elementwise.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/**
 * cos(x) as written in NUMERICS.md, elementwise.
 * @bound  absolute error against fp64 below 2^-23 for |x| ≤ 8192; 1 beyond
 */
export const cos: Op = {
  name: "cos",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("cos", inputs, attributes),
  evaluate: (call) => evaluateEach(call, cosOf),
  cost: (_inputs, _attributes, shape) => 16 * elementCount(shape),
  gradient: ({ graph, inputs: [x], outputGradient }) => {
    const slope = graph.op("mul", [outputGradient, graph.op("sin", [x])]);
    return [graph.op("sub", [graph.filled(0, x.shape), slope])];
  },
};
