/** Decides `schedule`: a value that depends on the step number alone, from a table. */
import { accept } from "../../contract/outcome.ts";
import { floatOfBits, isCanonicalBits } from "../canon.ts";
import { refuseAttribute } from "./op.ts";
import type { Op } from "./op.ts";

/** [1]; attributes count, then (step, bits) pairs; the last entry whose step ≤ current step. */
export const schedule: Op = {
  name: "schedule",
  inputCount: 0,
  outputShape: (_inputs, attributes) => {
    const [count] = attributes;
    if (attributes.length === 0 || count < 1 || attributes.length !== 1 + 2 * count) {
      return refuseAttribute("schedule", "count, then as many (step, bits) pairs");
    }
    if (attributes[1] !== 1) return refuseAttribute("schedule", "the first entry is for step 1");
    for (let at = 1; at < attributes.length; at += 2) {
      if (at > 1 && attributes[at] <= attributes[at - 2]) {
        return refuseAttribute("schedule", "steps ascend");
      }
      if (!isCanonicalBits(attributes[at + 1])) {
        return refuseAttribute("schedule", "each value is a canonical number");
      }
    }
    return accept([1]);
  },
  evaluate: ({ attributes, step }) => {
    let bits = attributes[2];
    for (let at = 1; at < attributes.length && attributes[at] <= step; at += 2) {
      bits = attributes[at + 1];
    }
    return Float32Array.of(floatOfBits(bits));
  },
  cost: () => 0,
};
