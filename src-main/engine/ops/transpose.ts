/** Decides `transpose`: output dimension i is input dimension permutation[i]. */
import { accept } from "../../contract/outcome.ts";
import { elementCount, refuseAttribute } from "./op.ts";
import type { Op } from "./op.ts";

/** Permuted axes; the attributes are the permutation. */
export const transpose: Op = {
  name: "transpose",
  inputCount: 1,
  outputShape: ([x], permutation) => {
    const isPermutation =
      permutation.length === x.length && x.every((_, axis) => permutation.includes(axis));
    if (!isPermutation) return refuseAttribute("transpose", "each axis exactly once");
    return accept(permutation.map((axis) => x[axis]));
  },
  evaluate: ({ inputs: [x], inputShapes: [xShape], attributes: permutation, shape }) => {
    const inputStrides = xShape.map((_, axis) => elementCount(xShape.slice(axis + 1)));
    const strides = permutation.map((axis) => inputStrides[axis]);
    const result = new Float32Array(elementCount(shape));
    const position = new Array<number>(shape.length).fill(0);
    let from = 0;
    for (let at = 0; at < result.length; at += 1) {
      result[at] = x[from];
      for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
        position[axis] += 1;
        from += strides[axis];
        if (position[axis] < shape[axis]) break;
        from -= strides[axis] * shape[axis];
        position[axis] = 0;
      }
    }
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
  gradient: ({ graph, attributes: permutation, outputGradient }) => {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [graph.op("transpose", [outputGradient], inverse)];
  },
};
