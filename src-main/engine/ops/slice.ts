/** Decides `slice`: a contiguous part of one axis; attributes axis, first, count. */
import { accept } from "../../contract/outcome.ts";
import { elementCount, refuseAttribute } from "./op.ts";
import type { Op } from "./op.ts";

/** Elements first … first+count−1 of one axis. Its gradient is `pad`. */
export const slice: Op = {
  name: "slice",
  inputCount: 1,
  outputShape: ([x], attributes) => {
    if (attributes.length !== 3) return refuseAttribute("slice", "three: axis, first, count");
    const [axis, first, count] = attributes;
    if (axis < 0 || axis >= x.length) return refuseAttribute("slice", "the axis exists");
    if (first < 0 || count < 1 || first + count > x[axis]) {
      return refuseAttribute("slice", "the part lies inside the axis and is not empty");
    }
    return accept(x.map((dim, at) => (at === axis ? count : dim)));
  },
  evaluate: ({ inputs: [x], inputShapes: [xShape], attributes: [axis, first, count], shape }) => {
    const inner = elementCount(xShape.slice(axis + 1));
    const outer = elementCount(xShape.slice(0, axis));
    const result = new Float32Array(elementCount(shape));
    for (let o = 0; o < outer; o += 1) {
      const from = (o * xShape[axis] + first) * inner;
      result.set(x.subarray(from, from + count * inner), o * count * inner);
    }
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
  gradient: ({ graph, inputs: [x], attributes: [axis, first, count], outputGradient }) => [
    graph.op("pad", [outputGradient], [axis, first, x.shape[axis] - first - count]),
  ],
};
