/** Decides max-pool and its gradient: windows never overlap, so either side looks the other up. */
import type { Shape } from "../../../engine/index.ts";
import { elementKernel, overElements, sizeOf } from "../kernel.ts";
import type { OpPlanner } from "../kernel.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";

/** Numbers: count, size, stride, H, W, C, OH, OW. */
const WINDOW = /* wgsl */ `
// Where the maximum of a window is; of equal ones the lowest index.
fn best_of(image: u32, row: u32, column: u32, channel: u32) -> u32 {
  let first = ((image * P[3] + row * P[2]) * P[4] + column * P[2]) * P[5] + channel;
  var best = first;
  var largest = order(X[first]);
  for (var i = 0u; i < P[1]; i++) {
    for (var j = 0u; j < P[1]; j++) {
      let at = first + (i * P[4] + j) * P[5];
      let value = order(X[at]);
      if (value > largest) {
        best = at;
        largest = value;
      }
    }
  }
  return best;
}
`;

const pooled = elementKernel(
  "max-pool",
  ["X", "Y"],
  "rw",
  [SOFT_FLOAT, WINDOW],
  `  let pixel = at / P[5];
  let row = (pixel / P[7]) % P[6];
  Y[at] = X[best_of(pixel / (P[7] * P[6]), row, pixel % P[7], at % P[5])];`,
);

const unpooled = elementKernel(
  "max-pool-gradient",
  ["X", "D", "Y"],
  "rrw",
  [SOFT_FLOAT, WINDOW],
  `  let pixel = at / P[5];
  let image = pixel / (P[3] * P[4]);
  let row = ((pixel / P[4]) % P[3]) / P[2];
  let column = (pixel % P[4]) / P[2];
  var y = 0u;
  // A pixel between the windows or past the last one is in none.
  if (row < P[6] && column < P[7]) {
    if (best_of(image, row, column, at % P[5]) == at) {
      y = D[((image * P[6] + row) * P[7] + column) * P[5] + at % P[5]];
    }
  }
  Y[at] = y;`,
);

function numbersOf(x: Shape, out: Shape, attributes: readonly number[]): number[] {
  return [...attributes, x[1], x[2], x[3], out[1], out[2]];
}

/** Planners of these ops by name. */
export const POOLING: Readonly<Record<string, OpPlanner>> = {
  "max-pool": ({ inputs: [x], inputShapes: [xShape], attributes, output, shape }) => [
    overElements(pooled, sizeOf(shape), numbersOf(xShape, shape, attributes), [x, output]),
  ],
  "max-pool-gradient": ({ inputs, inputShapes: [xShape, dyShape], attributes, output, shape }) => [
    overElements(unpooled, sizeOf(shape), numbersOf(xShape, dyShape, attributes), [
      ...inputs,
      output,
    ]),
  ],
};
