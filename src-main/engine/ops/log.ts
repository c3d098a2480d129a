/** Decides `log`: the natural logarithm as written in NUMERICS.md. */
import { logOf } from "../elementary/log.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/** the natural logarithm as written in NUMERICS.md, elementwise. */
export const log: Op = {
  name: "log",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("log", inputs, attributes),
  evaluate: ({ inputs: [x] }) => {
    const result = new Float32Array(x.length);
    for (let i = 0; i < x.length; i += 1) result[i] = logOf(x[i]);
    return result;
  },
  cost: (_inputs, _attributes, shape) => 16 * elementCount(shape),
  gradient: ({ graph, inputs, outputGradient }) => {
    return [graph.op("div", [outputGradient, inputs[0]])];
  },
};
