/** Decides what an op of the float engine is given. */

import type { Tensor } from "@tensorflow/tfjs";

import type { Shape } from "../../engine/index.ts";
import type { Tensorflow } from "./open-library.ts";

/** Everything an op's value depends on, as tensors of TensorFlow.js. */
export interface FloatCall {
  readonly tf: Tensorflow;
  readonly inputs: readonly Tensor[];
  readonly attributes: readonly number[];
  readonly shape: Shape;
}

/** One op in float arithmetic: a new tensor, in whatever order the library adds. */
export type FloatOp = (call: FloatCall) => Tensor;
