/** Decides `sum` over one axis: exact and order-free, one rounding (NUMERICS.md, "Sums"). */
import { sumExact } from "../exact/sum-exact.ts";
import { evaluateLines, reducedShape } from "./axis.ts";
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";

/** Attribute axis; that axis becomes 1. */
export const sum: Op = {
  name: "sum",
  inputCount: 1,
  outputShape: ([x], attributes) => reducedShape("sum", x, attributes),
  evaluate: (call) => evaluateLines(call, sumExact),
  cost: ([x]) => elementCount(x),
  gradient: ({ graph, inputs: [x], outputGradient }) => [
    graph.op("mul", [outputGradient, graph.filled(1, x.shape)]),
  ],
};
