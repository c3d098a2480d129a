/** Decides `causal-mask`: which columns a row may look at; the others take one fixed value. */
import { accept } from "../../contract/outcome.ts";
import { floatOfBits, isCanonicalBits } from "../canon.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";

/**
 * x [..., R, C]: element (r, c) stays where c ≤ r + offset, else it is the value of `bits`.
 * Attributes offset, bits. With −2^60 (0xdd800000) before a softmax, masked columns weigh +0; a
 * row without any open column is uniform, since all its elements are equal.
 */
export const causalMask: Op = {
  name: "causal-mask",
  inputCount: 1,
  outputShape: ([x], attributes) => {
    if (attributes.length !== 2 || !isCanonicalBits(attributes[1])) {
      return refuseAttribute("causal-mask", "offset, then the bits of a canonical number");
    }
    if (x.length < 2) return refuseShape("causal-mask", "rank 2 at least");
    return accept(x);
  },
  evaluate: ({ inputs: [x], attributes: [offset, bits], shape }) => {
    const [rows, columns] = shape.slice(-2);
    const masked = floatOfBits(bits);
    const result = Float32Array.from(x);
    for (let first = 0, row = 0; first < x.length; first += columns, row += 1) {
      for (let c = Math.max(0, (row % rows) + offset + 1); c < columns; c += 1) {
        result[first + c] = masked;
      }
    }
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
  gradient: ({ graph, attributes: [offset], outputGradient }) => [
    graph.op("causal-mask", [outputGradient], [offset, 0]),
  ],
};
