/** Decides `pad`: zeros before and after one axis; attributes axis, before, after. */
import { accept } from "../../contract/outcome.ts";
import { elementCount, refuseAttribute } from "./op.ts";
import type { Op } from "./op.ts";

/** `before` zeros, the axis as it was, `after` zeros. `slice` undoes it, and is its gradient. */
export const pad: Op = {
  name: "pad",
  inputCount: 1,
  outputShape: ([x], attributes) => {
    if (attributes.length !== 3) return refuseAttribute("pad", "three: axis, before, after");
    const [axis, before, after] = attributes;
    if (axis < 0 || axis >= x.length) return refuseAttribute("pad", "the axis exists");
    if (before < 0 || after < 0) return refuseAttribute("pad", "counts of zeros");
    return accept(x.map((dim, at) => (at === axis ? before + dim + after : dim)));
  },
  evaluate: ({ inputs: [x], inputShapes: [xShape], attributes: [axis, before], shape }) => {
    const inner = elementCount(xShape.slice(axis + 1));
    const width = xShape[axis] * inner;
    const result = new Float32Array(elementCount(shape));
    for (let o = 0, from = 0; from < x.length; o += 1, from += width) {
      result.set(x.subarray(from, from + width), (o * shape[axis] + before) * inner);
    }
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
  gradient: ({ graph, inputs: [x], attributes: [axis, before], outputGradient }) => [
    graph.op("slice", [outputGradient], [axis, before, x.shape[axis]]),
  ],
};
