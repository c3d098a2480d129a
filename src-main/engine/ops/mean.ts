/** Decides `mean` over one axis: `sum`, then div by the count. */
import { sumExact } from "../exact/sum-exact.ts";
import { div } from "../primitives.ts";
import { evaluateLines, reducedShape } from "./axis.ts";
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";

/** Attribute axis; that axis becomes 1. */
export const mean: Op = {
  name: "mean",
  inputCount: 1,
  outputShape: ([x], attributes) => reducedShape("mean", x, attributes),
  // A count of at most 2^23 is exact in f32.
  evaluate: (call) =>
    evaluateLines(call, (x, first, count, stride) => div(sumExact(x, first, count, stride), count)),
  cost: ([x]) => elementCount(x),
  gradient: ({ graph, inputs: [x], attributes: [axis], outputGradient }) => {
    const count = graph.filled(x.shape[axis], outputGradient.shape);
    const share = graph.op("div", [outputGradient, count]);
    return [graph.op("mul", [share, graph.filled(1, x.shape)])];
  },
};
