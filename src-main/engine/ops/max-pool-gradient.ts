/** Decides `max-pool-gradient`: dy goes to the lowest index of the maximum, others get +0. */
import { accept } from "../../contract/outcome.ts";
import { elementCount, refuseShape, sameShape } from "./op.ts";
import type { Op } from "./op.ts";
import { poolShape, windowMaximum } from "./pool-geometry.ts";

/** x [N,H,W,C], dy [N,OH,OW,C] to the shape of x; attributes size, stride. */
export const maxPoolGradient: Op = {
  name: "max-pool-gradient",
  inputCount: 2,
  outputShape: ([x, dy], attributes) => {
    const pooled = poolShape("max-pool-gradient", x, attributes);
    if (!pooled.ok) return pooled;
    if (!sameShape(pooled.value, dy)) {
      return refuseShape("max-pool-gradient", "dy has the shape pooling gives");
    }
    return accept(x);
  },
  evaluate: ({ inputs: [x, dy], inputShapes: [xShape, dyShape], attributes, shape }) => {
    const [size, stride] = attributes;
    const [images, height, width, channels] = dyShape;
    const result = new Float32Array(elementCount(shape));
    let at = 0;
    for (let n = 0; n < images; n += 1) {
      for (let oh = 0; oh < height; oh += 1) {
        for (let ow = 0; ow < width; ow += 1) {
          for (let c = 0; c < channels; c += 1, at += 1) {
            result[windowMaximum(x, xShape, size, stride, n, oh, ow, c)] = dy[at];
          }
        }
      }
    }
    return result;
  },
  cost: ([x]) => elementCount(x),
};
