/** Decides `constant`: any shape, filled with one f32 given as its bits. */
import { accept } from "../../contract/outcome.ts";
import { floatOfBits, isCanonicalBits } from "../canon.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";

/** The declared shape filled with the value. */
export const constant: Op = {
  name: "constant",
  inputCount: 0,
  outputShape: (_inputs, attributes, declared) => {
    if (attributes.length !== 1 || !isCanonicalBits(attributes[0])) {
      return refuseAttribute("constant", "one attribute, the bits of a canonical number");
    }
    if (declared.length === 0) return refuseShape("constant", "the shape is declared");
    return accept(declared);
  },
  evaluate: ({ attributes: [bits], shape }) =>
    new Float32Array(elementCount(shape)).fill(floatOfBits(bits)),
  cost: () => 0,
};
