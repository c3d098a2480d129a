/** Decides `erf`: erf(x) as written in NUMERICS.md. */
import { floatOfBits } from "../canon.ts";
import { erfOf } from "../elementary/erf.ts";
import { evaluateEach } from "./elementwise.ts";
import { elementCount, keepShape } from "./op.ts";
import type { Op } from "./op.ts";

/** 2/√π. */
const TWO_OVER_ROOT_PI = floatOfBits(0x3f906ebb);

/**
 * erf(x) as written in NUMERICS.md, elementwise.
 * @bound  error against fp64 below 2 ulp; ±1 from |x| = 4 on
 */
export const erf: Op = {
  name: "erf",
  inputCount: 1,
  outputShape: (inputs, attributes) => keepShape("erf", inputs, attributes),
  evaluate: (call) => evaluateEach(call, erfOf),
  cost: (_inputs, _attributes, shape) => 16 * elementCount(shape),
  // 2/√π · e^−x².
  gradient: ({ graph, inputs: [x], outputGradient }) => {
    const square = graph.op("mul", [x, x]);
    const power = graph.op("exp", [graph.op("sub", [graph.filled(0, x.shape), square])]);
    const slope = graph.op("mul", [power, graph.filled(TWO_OVER_ROOT_PI, x.shape)]);
    return [graph.op("mul", [outputGradient, slope])];
  },
};
