/** Decides `relu-gradient`: x > 0 ? dy : +0, so relu′(0) = 0. */
import { accept } from "../../contract/outcome.ts";
import { elementCount, refuseAttribute, refuseShape, sameShape } from "./op.ts";
import type { Op } from "./op.ts";

/** x > 0 ? dy : +0, elementwise on equal shapes. */
export const reluGradient: Op = {
  name: "relu-gradient",
  inputCount: 2,
  outputShape: ([x, dy], attributes) => {
    if (attributes.length !== 0) return refuseAttribute("relu-gradient", "takes no attributes");
    if (!sameShape(x, dy)) return refuseShape("relu-gradient", "both inputs have one shape");
    return accept(x);
  },
  evaluate: ({ inputs: [x, dy] }) => {
    const result = new Float32Array(x.length);
    for (let i = 0; i < x.length; i += 1) result[i] = x[i] > 0 ? dy[i] : 0;
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
};
