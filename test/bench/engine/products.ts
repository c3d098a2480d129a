/** Decides which ops are measured alone, and on what. */

import type { Shape } from "../../../src-main/engine/index.ts";
import type { OpQuestion } from "../../../src-main/miner/calibration/op-program.ts";
import { squareProduct } from "../../../src-main/miner/calibration/op-program.ts";

/** An op to measure. */
export interface MeasuredOp {
  /** As it stands in the figure's name. */
  readonly name: string;
  readonly question: OpQuestion;
  /** Whether every multiplication is of the profile's pairs, so that the peak is a limit. */
  readonly isProduct: boolean;
}

const BATCH = 64;
const image = (side: number, channels: number): Shape => [BATCH, side, side, channels];
const FILTER: Shape = [3, 3, 16, 32];

function product(profile: string, attribute: number, size: number): MeasuredOp {
  const name = `matmul/profile=${profile} m=${size} k=${size} n=${size}`;
  return { name, question: squareProduct(attribute, size), isProduct: true };
}

/** The convolutions of the standard CNN's costly layer, at the size it has there. */
function convolution(op: string, inputs: readonly Shape[], shape: Shape) {
  const name = `${op}/batch=${BATCH} side=14 c=16 o=32`;
  return {
    name,
    question: { op, inputs, attributes: [0, 1, 1], shape },
    isProduct: true,
  };
}

/** Full and quick. */
export const MEASURED_OPS: readonly MeasuredOp[] = [
  product("I14", 0, 1024),
  product("I14K", 1, 1024),
  product("I8", 2, 1024),
  convolution("conv2d", [image(14, 16), FILTER], image(14, 32)),
  convolution("conv2d-gradient-input", [image(14, 32), FILTER], image(14, 16)),
  convolution("conv2d-gradient-filter", [image(14, 16), image(14, 32)], FILTER),
  {
    name: "add/elements=8388608",
    question: {
      op: "add",
      inputs: [
        [8192, 1024],
        [8192, 1024],
      ],
      attributes: [],
      shape: [8192, 1024],
    },
    isProduct: false,
  },
];

/** For the test that runs every path. */
export const TINY_OPS: readonly MeasuredOp[] = [product("I14", 0, 48), product("I8", 2, 48)];
