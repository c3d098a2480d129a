/** Decides `range`: positions along an axis as numbers. */
import { accept, reject } from "../../contract/outcome.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";

/** f32 holds every integer up to here. */
const INTEGER_MAX = 16_777_216;

/** Declared shape; each element is its index along attribute axis: 0, 1, 2, … */
export const range: Op = {
  name: "range",
  inputCount: 0,
  outputShape: (_inputs, attributes, declared) => {
    if (declared.length === 0) return refuseShape("range", "the shape is declared");
    const [axis] = attributes;
    if (attributes.length !== 1 || axis < 0 || axis >= declared.length) {
      return refuseAttribute("range", "one attribute, an axis that exists");
    }
    if (declared[axis] > INTEGER_MAX) {
      return reject("ENGINE_LIMIT", { what: "axis", value: declared[axis], max: INTEGER_MAX });
    }
    return accept(declared);
  },
  evaluate: ({ attributes: [axis], shape }) => {
    const inner = elementCount(shape.slice(axis + 1));
    const result = new Float32Array(elementCount(shape));
    for (let at = 0; at < result.length; at += 1) {
      result[at] = Math.floor(at / inner) % shape[axis];
    }
    return result;
  },
  cost: () => 0,
};
