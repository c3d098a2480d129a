/** Decides `max` over one axis. */
import { evaluateLines, reducedShape } from "./axis.ts";
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";

/** Attribute axis; that axis becomes 1. No gradient: models use it only to shift a softmax. */
export const max: Op = {
  name: "max",
  inputCount: 1,
  outputShape: ([x], attributes) => reducedShape("max", x, attributes),
  evaluate: (call) =>
    evaluateLines(call, (x, first, count, stride) => {
      let maximum = x[first];
      for (let i = 1, at = first + stride; i < count; i += 1, at += stride) {
        if (x[at] > maximum) maximum = x[at];
      }
      return maximum;
    }),
  cost: ([x]) => elementCount(x),
};
