/** Decides `reshape`: the same elements in the same order under another shape. */
import { accept } from "../../contract/outcome.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";

/** Same row-major elements, declared shape. */
export const reshape: Op = {
  name: "reshape",
  inputCount: 1,
  outputShape: ([x], attributes, declared) => {
    if (attributes.length !== 0) return refuseAttribute("reshape", "takes no attributes");
    if (declared.length === 0 || elementCount(declared) !== elementCount(x)) {
      return refuseShape("reshape", "the element count stays the same");
    }
    return accept(declared);
  },
  // Values are never written to after they are made, so both names may share one array.
  evaluate: ({ inputs: [x] }) => x,
  cost: () => 0,
  gradient: ({ graph, inputs: [x], outputGradient }) => [
    graph.op("reshape", [outputGradient], [], x.shape),
  ],
};
