/** Decides `exp`: e^x as written in NUMERICS.md. */
import { expOf } from "../elementary/exp.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/** e^x as written in NUMERICS.md, elementwise. */
export const exp: Op = {
  name: "exp",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("exp", inputs, attributes),
  evaluate: ({ inputs: [x] }) => {
    const result = new Float32Array(x.length);
    for (let i = 0; i < x.length; i += 1) result[i] = expOf(x[i]);
    return result;
  },
  cost: (_inputs, _attributes, shape) => 16 * elementCount(shape),
  gradient: ({ graph, output, outputGradient }) => {
    return [graph.op("mul", [outputGradient, output])];
  },
};
