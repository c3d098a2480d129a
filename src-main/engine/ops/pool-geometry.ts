/** Decides which pixels a pooling window holds: no padding, windows never overlap. */
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Shape } from "../program/program.ts";
import { refuseAttribute, refuseShape } from "./op.ts";

/** The pooled shape of x [N,H,W,C] with attributes size, stride. */
export function poolShape(op: string, x: Shape, attributes: readonly number[]): Outcome<Shape> {
  const [size, stride] = attributes;
  // stride ≥ size: a pixel lies in one window at most, so its gradient is copied, never summed.
  if (attributes.length !== 2 || size < 1 || stride < size) {
    return refuseAttribute(op, "size, stride; stride is at least size");
  }
  if (x.length !== 4 || x[1] < size || x[2] < size) {
    return refuseShape(op, "[N, H, W, C], at least one window");
  }
  const outHeight = Math.floor((x[1] - size) / stride) + 1;
  const outWidth = Math.floor((x[2] - size) / stride) + 1;
  return accept([x[0], outHeight, outWidth, x[3]]);
}

/** Index of the maximum of one window and channel; of equal ones the lowest index. */
export function windowMaximum(
  x: Float32Array,
  [, height, width, channels]: Shape,
  size: number,
  stride: number,
  image: number,
  outRow: number,
  outColumn: number,
  channel: number,
): number {
  const first =
    ((image * height + outRow * stride) * width + outColumn * stride) * channels + channel;
  let best = first;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      const at = first + (i * width + j) * channels;
      if (x[at] > x[best]) best = at;
    }
  }
  return best;
}
