/** Decides `add`: a + b, one rounding. */
import { add as apply } from "../primitives.ts";
import { broadcastShape, evaluateBroadcast, reduceTo } from "./broadcast.ts";
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";

/** a + b, one rounding, elementwise with broadcasting. */
export const add: Op = {
  name: "add",
  inputCount: 2,
  outputShape: (inputs, attributes) => broadcastShape("add", inputs, attributes),
  evaluate: (call) => evaluateBroadcast(call, apply),
  cost: (_inputs, _attributes, shape) => 1 * elementCount(shape),
  gradient: ({ graph, inputs, needed, outputGradient }) => {
    const [a, b] = inputs;
    return [
      needed[0] ? reduceTo(graph, outputGradient, a.shape) : undefined,
      needed[1] ? reduceTo(graph, outputGradient, b.shape) : undefined,
    ];
  },
};
