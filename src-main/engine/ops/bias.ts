/** Decides `bias`: x [..., C] + b [C]. */
import { accept } from "../../contract/outcome.ts";
import { add } from "../primitives.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";

/** x + b along the last axis. */
export const bias: Op = {
  name: "bias",
  inputCount: 2,
  outputShape: ([x, b], attributes) => {
    if (attributes.length !== 0) return refuseAttribute("bias", "takes no attributes");
    if (b.length !== 1 || b[0] !== x[x.length - 1]) {
      return refuseShape("bias", "b is [C] where x is [..., C]");
    }
    return accept(x);
  },
  evaluate: ({ inputs: [x, b] }) => {
    const result = new Float32Array(x.length);
    for (let at = 0; at < x.length; at += b.length) {
      for (let c = 0; c < b.length; c += 1) result[at + c] = add(x[at + c], b[c]);
    }
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
  gradient: ({ graph, inputs: [x, b], outputGradient, needed }) => {
    const [channels] = b.shape;
    const forBias = () => {
      const rows = graph.op(
        "reshape",
        [outputGradient],
        [],
        [elementCount(x.shape) / channels, channels],
      );
      return graph.op("reshape", [graph.op("sum", [rows], [0])], [], [channels]);
    };
    return [needed[0] ? outputGradient : undefined, needed[1] ? forBias() : undefined];
  },
};
