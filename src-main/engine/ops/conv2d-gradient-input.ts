/**
 * Decides `conv2d-gradient-input`: dx[n,h,w,c] = Σ dy[n,oh,ow,o]·w[i,j,c,o] over the taps that
 * meet the pixel; one exponent an image of dy, one an input channel of w; untouched pixels +0.
 */
import { accept } from "../../contract/outcome.ts";
import { groupMaximum, leastExponent, quantise, quantiseOne } from "../exact/quantise.ts";
import type { Grouping } from "../exact/quantise.ts";
import { roundExact } from "../exact/round-exact.ts";
import {
  checkConv,
  convCost,
  convGeometry,
  convOutputShape,
  tapPosition,
} from "./conv-geometry.ts";
import type { ConvGeometry } from "./conv-geometry.ts";
import { elementCount, refuseShape, sameShape } from "./op.ts";
import type { Op, OpCall } from "./op.ts";
import { boundOf } from "./profile.ts";

const NAME = "conv2d-gradient-input";

const imagesOf = (g: ConvGeometry): Grouping => {
  return { outer: 1, groups: g.images, inner: g.outHeight * g.outWidth * g.filters };
};
const channelsOf = (g: ConvGeometry): Grouping => {
  return { outer: g.filterHeight * g.filterWidth, groups: g.channels, inner: g.filters };
};

/** [taps, C, O] to [taps, O, C], so that the inner loop runs over neighbours. */
function channelsLast(g: ConvGeometry, w: Float64Array): Float64Array {
  const turned = new Float64Array(w.length);
  for (let tap = 0; tap < g.filterHeight * g.filterWidth; tap += 1) {
    for (let c = 0; c < g.channels; c += 1) {
      for (let o = 0; o < g.filters; o += 1) {
        turned[(tap * g.filters + o) * g.channels + c] = w[(tap * g.channels + c) * g.filters + o];
      }
    }
  }
  return turned;
}

/** Adds what one output pixel of `dy` contributes to its image's exact sums [H, W, C]. */
function scatterPixel(
  g: ConvGeometry,
  outRow: number,
  outColumn: number,
  dy: Float64Array,
  dyFirst: number,
  w: Float64Array,
  sums: Float64Array,
): void {
  const { channels, filters } = g;
  for (let i = 0; i < g.filterHeight; i += 1) {
    const row = tapPosition(g, outRow, i, g.height);
    if (row < 0) continue;
    for (let j = 0; j < g.filterWidth; j += 1) {
      const column = tapPosition(g, outColumn, j, g.width);
      if (column < 0) continue;
      const first = (row * g.width + column) * channels;
      const wFirst = (i * g.filterWidth + j) * filters * channels;
      for (let o = 0; o < filters; o += 1) {
        const factor = dy[dyFirst + o];
        if (factor === 0) continue;
        const from = wFirst + o * channels;
        for (let c = 0; c < channels; c += 1) sums[first + c] += factor * w[from + c];
      }
    }
  }
}

function evaluate({ inputs: [dy, w], inputShapes, attributes, shape }: OpCall): Float32Array {
  const g = convGeometry(shape, inputShapes[1], attributes);
  const bound = boundOf(attributes[0]);
  const images = quantise(dy, imagesOf(g), bound);
  const channels = quantise(w, channelsOf(g), bound);
  const turned = channelsLast(g, channels.integers);
  const result = new Float32Array(elementCount(shape));
  // Integer sums may be scattered in any order: they are exact.
  const sums = new Float64Array(g.height * g.width * g.channels);
  for (let n = 0; n < g.images; n += 1) {
    sums.fill(0);
    let dyFirst = n * g.outHeight * g.outWidth * g.filters;
    for (let oh = 0; oh < g.outHeight; oh += 1) {
      for (let ow = 0; ow < g.outWidth; ow += 1, dyFirst += g.filters) {
        scatterPixel(g, oh, ow, images.integers, dyFirst, turned, sums);
      }
    }
    const first = n * sums.length;
    for (let at = 0; at < sums.length; at += 1) {
      const exponent = images.exponents[n] + channels.exponents[at % g.channels];
      result[first + at] = roundExact(sums[at], exponent);
    }
  }
  return result;
}

/** The output position whose tap `tap` meets input position `at`; -1 where there is none. */
function outputPosition(g: ConvGeometry, at: number, tap: number, outSize: number): number {
  const scaled = at + g.pad - tap;
  if (scaled < 0 || scaled % g.stride !== 0) return -1;
  const out = scaled / g.stride;
  return out < outSize ? out : -1;
}

/** @cost one image of dy and one channel of w, to find their exponents, and the taps */
function evaluateElement(call: OpCall, index: number): number {
  const [dy, w] = call.inputs;
  const g = convGeometry(call.shape, call.inputShapes[1], call.attributes);
  const bound = boundOf(call.attributes[0]);
  const channel = index % g.channels;
  const pixel = Math.floor(index / g.channels);
  const column = pixel % g.width;
  const row = Math.floor(pixel / g.width) % g.height;
  const image = Math.floor(pixel / (g.width * g.height));
  const imageExponent = leastExponent(groupMaximum(dy, imagesOf(g), image), bound);
  const channelExponent = leastExponent(groupMaximum(w, channelsOf(g), channel), bound);
  let sum = 0;
  for (let i = 0; i < g.filterHeight; i += 1) {
    const outRow = outputPosition(g, row, i, g.outHeight);
    if (outRow < 0) continue;
    for (let j = 0; j < g.filterWidth; j += 1) {
      const outColumn = outputPosition(g, column, j, g.outWidth);
      if (outColumn < 0) continue;
      const dyFirst = ((image * g.outHeight + outRow) * g.outWidth + outColumn) * g.filters;
      const wFirst = ((i * g.filterWidth + j) * g.channels + channel) * g.filters;
      for (let o = 0; o < g.filters; o += 1) {
        const left = quantiseOne(dy[dyFirst + o], imageExponent);
        sum += left * quantiseOne(w[wFirst + o], channelExponent);
      }
    }
  }
  return roundExact(sum, imageExponent + channelExponent);
}

/** dy [N,OH,OW,O], w [KH,KW,C,O] to the declared shape of x; attributes profile, stride, pad. */
export const conv2dGradientInput: Op = {
  name: NAME,
  inputCount: 2,
  outputShape: ([dy, w], attributes, declared) => {
    const geometry = checkConv(NAME, declared, w, attributes);
    if (!geometry.ok) return geometry;
    if (!sameShape(dy, convOutputShape(geometry.value))) {
      return refuseShape(NAME, "dy has the shape the convolution gives");
    }
    return accept(declared);
  },
  evaluate,
  evaluateElement,
  cost: ([, w], attributes, shape) => convCost(convGeometry(shape, w, attributes)),
};
