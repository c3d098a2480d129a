/** Decides `sqrt`: √x, one rounding; +0 for x ≤ 0. */
import { sqrt as root } from "../primitives.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/** √x, one rounding; +0 for x ≤ 0, elementwise. */
export const sqrt: Op = {
  name: "sqrt",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("sqrt", inputs, attributes),
  evaluate: ({ inputs: [x] }) => {
    const result = new Float32Array(x.length);
    for (let i = 0; i < x.length; i += 1) result[i] = root(x[i]);
    return result;
  },
  cost: (_inputs, _attributes, shape) => 4 * elementCount(shape),
  gradient: ({ graph, output, outputGradient }) => {
    const half = graph.filled(0.5, output.shape);
    return [graph.op("div", [graph.op("mul", [outputGradient, half]), output])];
  },
};
