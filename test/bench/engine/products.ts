/** Decides which ops are measured alone, and on what. */

import type { Shape } from "../../../src-main/engine/index.ts";
import type { OpQuestion } from "../../../src-main/miner/calibration/op-program.ts";
import type { ProductSize } from "../peers/peers.ts";

/** An op to measure. */
export interface MeasuredOp {
  /** As it stands in the figure's name. */
  readonly name: string;
  readonly question: OpQuestion;
  /** The profile all of whose multiplications it makes, so that their peak is a limit. */
  readonly profile?: number;
  /** Of a matrix product. */
  readonly size?: ProductSize;
}

const BATCH = 64;
const image = (side: number, channels: number): Shape => [BATCH, side, side, channels];
const FILTER: Shape = [3, 3, 16, 32];

function product(profile: string, attribute: number, m: number, k = m, n = m): MeasuredOp {
  return {
    name: `matmul/profile=${profile} m=${m} k=${k} n=${n}`,
    question: {
      op: "matmul",
      inputs: [
        [m, k],
        [k, n],
      ],
      attributes: [attribute],
      shape: [m, n],
    },
    profile: attribute,
    size: { m, k, n },
  };
}

/** The convolutions of the standard CNN's costly layer, at the size it has there. */
function convolution(op: string, inputs: readonly Shape[], shape: Shape) {
  const name = `${op}/batch=${BATCH} side=14 c=16 o=32`;
  return {
    name,
    question: { op, inputs, attributes: [0, 1, 1], shape },
    profile: 0,
  };
}

/** Full and quick. */
export const MEASURED_OPS: readonly MeasuredOp[] = [
  product("I14", 0, 1024),
  product("I14K", 1, 1024),
  product("I8", 2, 1024),
  // A transformer's, 1,024 tokens: queries, keys and values; both sides of its feed-forward part.
  product("I14", 0, 1024, 256, 768),
  product("I14", 0, 1024, 256, 1024),
  product("I14", 0, 1024, 1024, 256),
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
  },
];

/** For the test that runs every path. */
export const TINY_OPS: readonly MeasuredOp[] = [product("I14", 0, 48), product("I8", 2, 48)];
