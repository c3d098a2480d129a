/** Decides how a convolution's taps meet its image: NHWC, filter [KH, KW, C, O], no flip. */
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { CONTRACTION_MAX } from "../limits.ts";
import type { Shape } from "../program/program.ts";
import { PROFILE } from "./profile.ts";

/** All sizes of one convolution. */
export interface ConvGeometry {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly filters: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly stride: number;
  readonly pad: number;
}

/** The geometry of image [N,H,W,C] and filter [KH,KW,C,O] with attributes profile, stride, pad. */
export function convGeometry(x: Shape, w: Shape, attributes: readonly number[]): ConvGeometry {
  const [images, height, width, channels] = x;
  const [filterHeight, filterWidth, , filters] = w;
  const [, stride, pad] = attributes;
  return {
    images,
    height,
    width,
    channels,
    filterHeight,
    filterWidth,
    filters,
    outHeight: Math.floor((height + 2 * pad - filterHeight) / stride) + 1,
    outWidth: Math.floor((width + 2 * pad - filterWidth) / stride) + 1,
    stride,
    pad,
  };
}

/** Shape of the output, [N, OH, OW, O]. */
export function convOutputShape(geometry: ConvGeometry): Shape {
  return [geometry.images, geometry.outHeight, geometry.outWidth, geometry.filters];
}

/**
 * Checks attributes and the two shapes a convolution starts from.
 * @rejects ENGINE_ATTRIBUTE, ENGINE_SHAPE, ENGINE_LIMIT
 */
export function checkConv(
  op: string,
  x: Shape,
  w: Shape,
  attributes: readonly number[],
): Outcome<ConvGeometry> {
  const [profile, stride, pad] = attributes;
  if (attributes.length !== 3 || (profile !== PROFILE.I14 && profile !== PROFILE.I8)) {
    return reject("ENGINE_ATTRIBUTE", { op, rule: "profile 0 or 2, stride, pad" });
  }
  if (stride < 1 || pad < 0 || pad > CONTRACTION_MAX) {
    return reject("ENGINE_ATTRIBUTE", { op, rule: "stride is at least 1, pad is not negative" });
  }
  if (x.length !== 4 || w.length !== 4 || x[3] !== w[2]) {
    return reject("ENGINE_SHAPE", { op, rule: "[N, H, W, C] and [KH, KW, C, O]" });
  }
  const geometry = convGeometry(x, w, attributes);
  if (geometry.outHeight < 1 || geometry.outWidth < 1) {
    return reject("ENGINE_SHAPE", { op, rule: "the filter fits into the padded image" });
  }
  const taps = geometry.filterHeight * geometry.filterWidth;
  const contraction = Math.max(
    taps * geometry.channels,
    taps * geometry.filters,
    geometry.images * geometry.outHeight * geometry.outWidth,
  );
  if (contraction > CONTRACTION_MAX) {
    return reject("ENGINE_LIMIT", {
      what: "contraction",
      value: contraction,
      max: CONTRACTION_MAX,
    });
  }
  return accept(geometry);
}

/** Price of a convolution and of either gradient: every tap of every output, padding included. */
export function convCost(geometry: ConvGeometry): number {
  const { images, outHeight, outWidth, filterHeight, filterWidth, channels, filters } = geometry;
  return images * outHeight * outWidth * filterHeight * filterWidth * channels * filters;
}

/** Where a filter tap meets the image for one output row or column; -1 in the padding. */
export function tapPosition(
  { stride, pad }: ConvGeometry,
  out: number,
  tap: number,
  size: number,
): number {
  const at = out * stride + tap - pad;
  return at >= 0 && at < size ? at : -1;
}
