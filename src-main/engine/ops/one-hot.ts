/** Decides `one-hot`: a label becomes a row with a single 1. */
import { accept } from "../../contract/outcome.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";

/** [B, 1] to [B, classes]; a label that is no integer in 0..classes−1 gives a row of zeros. */
export const oneHot: Op = {
  name: "one-hot",
  inputCount: 1,
  outputShape: ([labels], attributes) => {
    if (attributes.length !== 1 || attributes[0] < 1) {
      return refuseAttribute("one-hot", "one attribute, the number of classes");
    }
    if (labels.length !== 2 || labels[1] !== 1) return refuseShape("one-hot", "labels are [B, 1]");
    return accept([labels[0], attributes[0]]);
  },
  evaluate: ({ inputs: [labels], attributes: [classes] }) => {
    const result = new Float32Array(labels.length * classes);
    for (let row = 0; row < labels.length; row += 1) {
      const label = labels[row];
      if (Number.isInteger(label) && label >= 0 && label < classes) {
        result[row * classes + label] = 1;
      }
    }
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
};
