/**
 * Decides how a convolution of a model meets the edges of its image (NUMERICS.md, "Padding"): as
 * TensorFlow does, so that models move between the two.
 */
import { appendDepthwise } from "../composites/depthwise.ts";
import { appendZeros, sameEnds } from "../composites/windows.ts";
import type { Ends } from "../composites/windows.ts";
import type { GraphValue } from "../ops/op.ts";
import type { Shape } from "../program/program.ts";
import type { Conv2dLayer, DepthwiseConv2dLayer } from "./model-config.ts";
import { refuseLayer } from "./model-writer.ts";
import type { ModelWriter, Place } from "./model-writer.ts";

/** A window and how it meets the edges. */
type Edges = Pick<Conv2dLayer, "kernel" | "padding" | "stride">;

/**
 * Zeros before and after the rows and the columns of an image; refuses one smaller than the window.
 */
function zerosAround(shape: Shape, layer: Edges, place: Place): readonly [Ends, Ends] {
  const { kernel, padding, stride = 1 } = layer;
  const ends = (length: number): Ends => {
    const [before, after] =
      padding === "valid" ? [0, 0] : sameEnds(length, { size: kernel, stride });
    if (before + length + after < kernel) {
      refuseLayer(place, `the image is smaller than the window of ${kernel}`);
    }
    return [before, after];
  };
  return [ends(shape[1]), ends(shape[2])];
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
  const { stride = 1 } = layer;
  const around = zerosAround(x.shape, layer, place);
  const [[top, bottom], [left, right]] = around;
  if (top === bottom && left === right && top === left) {
    return builder.op("conv2d", [x, w], [profile, stride, top]);
  }
  return builder.op("conv2d", [appendZeros(builder, x, around), w], [profile, stride, 0]);
}

/** The same of each channel on its own; w [K, K, C, M]. */
export function appendDepthwiseConvolution(
  { builder }: ModelWriter,
  x: GraphValue,
  w: GraphValue,
  layer: DepthwiseConv2dLayer,
  place: Place,
): GraphValue {
  const whole = appendZeros(builder, x, zerosAround(x.shape, layer, place));
  return appendDepthwise(builder, whole, w, layer.stride ?? 1);
}
