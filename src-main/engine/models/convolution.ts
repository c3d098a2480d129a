/**
 * Decides how a convolution of a model meets the edges of its image (NUMERICS.md, "Padding"): as
 * TensorFlow does, so that models move between the two.
 */
import type { GraphValue } from "../ops/op.ts";
import type { Conv2dLayer } from "./model-config.ts";
import { refuseLayer } from "./model-writer.ts";
import type { ModelWriter, Place } from "./model-writer.ts";

/** Zeros on both sides of an axis of `size` pixels. */
function zerosAround(
  size: number,
  { kernel, padding, stride = 1 }: Conv2dLayer,
): readonly [number, number] {
  if (padding === "valid") return [0, 0];
  const last = (Math.floor((size + stride - 1) / stride) - 1) * stride;
  const total = Math.max(0, last + kernel - size);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/**
 * x [N, H, W, C] times w [K, K, C, F], without bias: [N, ⌈H/stride⌉, ⌈W/stride⌉, F] or, with
 * padding "valid", [N, ⌊(H−K)/stride⌋+1, …, F]. Zeros that are not equal on all sides are put
 * there by `pad`.
 */
export function appendConvolution(
  { builder, profile }: ModelWriter,
  x: GraphValue,
  w: GraphValue,
  layer: Conv2dLayer,
  place: Place,
): GraphValue {
  const { kernel, stride = 1 } = layer;
  const [, height, width] = x.shape;
  const around = [zerosAround(height, layer), zerosAround(width, layer)] as const;
  for (const [at, [before, after]] of around.entries()) {
    const side = before + x.shape[at + 1] + after;
    if (side < kernel) refuseLayer(place, `the image is smaller than the window of ${kernel}`);
  }
  const [[top, bottom], [left, right]] = around;
  if (top === bottom && left === right && top === left) {
    return builder.op("conv2d", [x, w], [profile, stride, top]);
  }
  let whole = x;
  for (const [at, [before, after]] of around.entries()) {
    if (before + after > 0) whole = builder.op("pad", [whole], [at + 1, before, after]);
  }
  return builder.op("conv2d", [whole, w], [profile, stride, 0]);
}
