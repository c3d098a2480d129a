/** Decides `mul`: a · b, one rounding. */
import { mul as apply } from "../primitives.ts";
import { broadcastShape, evaluateBroadcast, reduceTo } from "./broadcast.ts";
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";

/** a · b, one rounding, elementwise with broadcasting. */
export const mul: Op = {
  name: "mul",
  inputCount: 2,
  outputShape: (inputs, attributes) => broadcastShape("mul", inputs, attributes),
  evaluate: (call) => evaluateBroadcast(call, apply),
  cost: (_inputs, _attributes, shape) => 1 * elementCount(shape),
  gradient: ({ graph, inputs, needed, outputGradient }) => {
    const [a, b] = inputs;
    return [
      needed[0] ? reduceTo(graph, graph.op("mul", [outputGradient, b]), a.shape) : undefined,
      needed[1] ? reduceTo(graph, graph.op("mul", [outputGradient, a]), b.shape) : undefined,
    ];
  },
};
