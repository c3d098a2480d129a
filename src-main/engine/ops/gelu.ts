/** Decides `gelu`: x·Φ(x), the exact erf form, as written in NUMERICS.md. */
import { geluOf } from "../elementary/gelu.ts";
import { evaluateEach } from "./elementwise.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/**
 * x·Φ(x), the exact erf form, as written in NUMERICS.md, elementwise.
 * @bound  error against fp64 below 3 ulp of max(|y|, |x|·2^-24)
 */
export const gelu: Op = {
  name: "gelu",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("gelu", inputs, attributes),
  evaluate: (call) => evaluateEach(call, geluOf),
  cost: (_inputs, _attributes, shape) => 32 * elementCount(shape),
  gradient: ({ graph, inputs: [x], outputGradient }) => {
    return [graph.op("gelu-gradient", [x, outputGradient])];
  },
};
