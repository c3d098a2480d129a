/** Decides `gelu-gradient`: dy·(Φ(x) + x·φ(x)) as written in NUMERICS.md, "GELU". */
import { geluSlopeOf } from "../elementary/gelu.ts";
import { mul } from "../primitives.ts";
import { pairShape } from "./elementwise.ts";
import { elementCount } from "./op.ts";
import type { Op } from "./op.ts";

/**
 * dy·(Φ(x) + x·φ(x)), elementwise on equal shapes.
 * @bound  absolute error of the slope against fp64 below 2^-22
 */
export const geluGradient: Op = {
  name: "gelu-gradient",
  inputCount: 2,
  outputShape: (inputs, attributes) => pairShape("gelu-gradient", inputs, attributes),
  evaluate: ({ inputs: [x, dy] }) => {
    const result = new Float32Array(x.length);
    for (let i = 0; i < x.length; i += 1) result[i] = mul(dy[i], geluSlopeOf(x[i]));
    return result;
  },
  cost: (_inputs, _attributes, shape) => 32 * elementCount(shape),
};
