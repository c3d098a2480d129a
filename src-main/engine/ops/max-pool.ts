/** Decides `max-pool`: the maximum of each window. */
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";
import { poolShape, windowMaximum } from "./pool-geometry.ts";

/** x [N,H,W,C]; attributes size, stride. */
export const maxPool: Op = {
  name: "max-pool",
  inputCount: 1,
  outputShape: ([x], attributes) => poolShape("max-pool", x, attributes),
  evaluate: ({ inputs: [x], inputShapes: [xShape], attributes: [size, stride], shape }) => {
    const [images, height, width, channels] = shape;
    const result = new Float32Array(elementCount(shape));
    let at = 0;
    for (let n = 0; n < images; n += 1) {
      for (let oh = 0; oh < height; oh += 1) {
        for (let ow = 0; ow < width; ow += 1) {
          for (let c = 0; c < channels; c += 1, at += 1) {
            result[at] = x[windowMaximum(x, xShape, size, stride, n, oh, ow, c)];
          }
        }
      }
    }
    return result;
  },
  cost: ([x]) => elementCount(x),
  gradient: ({ graph, inputs: [x], attributes, outputGradient }) => [
    graph.op("max-pool-gradient", [x, outputGradient], attributes),
  ],
};
