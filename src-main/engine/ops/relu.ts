/** Decides `relu`: x > 0 ? x : +0. */
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/** x > 0 ? x : +0, elementwise. */
export const relu: Op = {
  name: "relu",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("relu", inputs, attributes),
  evaluate: ({ inputs: [x] }) => {
    const result = new Float32Array(x.length);
    for (let i = 0; i < x.length; i += 1) result[i] = x[i] > 0 ? x[i] : 0;
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
  // The output is positive exactly where the input is, so either may decide.
  gradient: ({ graph, output, outputGradient }) => [
    graph.op("relu-gradient", [output, outputGradient]),
  ],
};
