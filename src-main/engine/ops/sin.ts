/** Decides `sin`: sin(x) as written in NUMERICS.md. */
import { sinOf } from "../elementary/sine.ts";
import { evaluateEach } from "./elementwise.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/**
 * sin(x) as written in NUMERICS.md, elementwise.
 * @bound  absolute error against fp64 below 2^-23 for |x| ≤ 8192; +0 beyond
 */
export const sin: Op = {
  name: "sin",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("sin", inputs, attributes),
  evaluate: (call) => evaluateEach(call, sinOf),
  cost: (_inputs, _attributes, shape) => 16 * elementCount(shape),
  gradient: ({ graph, inputs: [x], outputGradient }) => {
    return [graph.op("mul", [outputGradient, graph.op("cos", [x])])];
  },
};
