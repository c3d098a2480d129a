/** Decides `sub`: a − b, one rounding. */
import { sub as apply } from "../primitives.ts";
import { broadcastShape, evaluateBroadcast, reduceTo } from "./broadcast.ts";
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";

/** a − b, one rounding, elementwise with broadcasting. */
export const sub: Op = {
  name: "sub",
  inputCount: 2,
  outputShape: (inputs, attributes) => broadcastShape("sub", inputs, attributes),
  evaluate: (call) => evaluateBroadcast(call, apply),
  cost: (_inputs, _attributes, shape) => 1 * elementCount(shape),
  gradient: ({ graph, inputs, needed, outputGradient }) => {
    const [a, b] = inputs;
    const negative = () => graph.op("sub", [graph.filled(0, outputGradient.shape), outputGradient]);
    return [
      needed[0] ? reduceTo(graph, outputGradient, a.shape) : undefined,
      needed[1] ? reduceTo(graph, negative(), b.shape) : undefined,
    ];
  },
};
