/** Decides `div`: a / b, one rounding; x/0 = sign(x)·2^60, 0/0 = +0. */
import { div as apply } from "../primitives.ts";
import { broadcastShape, evaluateBroadcast, reduceTo } from "./broadcast.ts";
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";

/** a / b, one rounding; x/0 = sign(x)·2^60, 0/0 = +0, elementwise with broadcasting. */
export const div: Op = {
  name: "div",
  inputCount: 2,
  outputShape: (inputs, attributes) => broadcastShape("div", inputs, attributes),
  evaluate: (call) => evaluateBroadcast(call, apply),
  cost: (_inputs, _attributes, shape) => 4 * elementCount(shape),
  gradient: ({ graph, inputs, needed, output, outputGradient }) => {
    const [a, b] = inputs;
    const byDivisor = graph.op("div", [outputGradient, b]);
    const forDivisor = () => {
      const product = graph.op("mul", [byDivisor, output]);
      return graph.op("sub", [graph.filled(0, product.shape), product]);
    };
    return [
      needed[0] ? reduceTo(graph, byDivisor, a.shape) : undefined,
      needed[1] ? reduceTo(graph, forDivisor(), b.shape) : undefined,
    ];
  },
};
