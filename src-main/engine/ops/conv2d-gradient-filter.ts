/**
 * Decides `conv2d-gradient-filter`: dw[i,j,c,o] = Σ x[n, oh·s+i−p, ow·s+j−p, c]·dy[n,oh,ow,o].
 * Images are balanced first (their gradients differ widely in size); then one exponent an input
 * channel of x and one an output channel of dy.
 */
import { accept } from "../../contract/outcome.ts";
import {
  balanceShifts,
  groupMaximum,
  leastExponent,
  quantise,
  quantiseOne,
  shifted,
} from "../exact/quantise.ts";
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

const NAME = "conv2d-gradient-filter";

/** The groupings of x and dy: by image, then by channel. */
function groupings(g: ConvGeometry): Readonly<Record<string, Grouping>> {
  const pixels = g.height * g.width;
  const outPixels = g.outHeight * g.outWidth;
  return {
    xImages: { outer: 1, groups: g.images, inner: pixels * g.channels },
    dyImages: { outer: 1, groups: g.images, inner: outPixels * g.filters },
    xChannels: { outer: g.images * pixels, groups: g.channels, inner: 1 },
    dyFilters: { outer: g.images * outPixels, groups: g.filters, inner: 1 },
  };
}

/** Both operands after balancing by image, exact in doubles. */
function balanced(call: OpCall, g: ConvGeometry): { x: Float64Array; dy: Float64Array } {
  const [x, dy] = call.inputs;
  const { xImages, dyImages } = groupings(g);
  const shifts = balanceShifts(x, xImages, dy, dyImages, boundOf(call.attributes[0]));
  return { x: shifted(x, xImages, shifts, -1), dy: shifted(dy, dyImages, shifts, 1) };
}

/** Adds what one output pixel contributes to the exact sums [KH, KW, C, O]. */
function scatterPixel(
  g: ConvGeometry,
  image: number,
  outRow: number,
  outColumn: number,
  x: Float64Array,
  dy: Float64Array,
  sums: Float64Array,
): void {
  const { channels, filters } = g;
  const dyFirst = ((image * g.outHeight + outRow) * g.outWidth + outColumn) * filters;
  for (let i = 0; i < g.filterHeight; i += 1) {
    const row = tapPosition(g, outRow, i, g.height);
    if (row < 0) continue;
    for (let j = 0; j < g.filterWidth; j += 1) {
      const column = tapPosition(g, outColumn, j, g.width);
      if (column < 0) continue;
      const xFirst = ((image * g.height + row) * g.width + column) * channels;
      const sumFirst = (i * g.filterWidth + j) * channels * filters;
      for (let c = 0; c < channels; c += 1) {
        const factor = x[xFirst + c];
        if (factor === 0) continue;
        const first = sumFirst + c * filters;
        for (let o = 0; o < filters; o += 1) sums[first + o] += factor * dy[dyFirst + o];
      }
    }
  }
}

function evaluate(call: OpCall): Float32Array {
  const g = convGeometry(call.inputShapes[0], call.shape, call.attributes);
  const bound = boundOf(call.attributes[0]);
  const { x, dy } = balanced(call, g);
  const { xChannels, dyFilters } = groupings(g);
  const channels = quantise(x, xChannels, bound);
  const filters = quantise(dy, dyFilters, bound);
  const sums = new Float64Array(elementCount(call.shape));
  for (let n = 0; n < g.images; n += 1) {
    for (let oh = 0; oh < g.outHeight; oh += 1) {
      for (let ow = 0; ow < g.outWidth; ow += 1) {
        scatterPixel(g, n, oh, ow, channels.integers, filters.integers, sums);
      }
    }
  }
  const result = new Float32Array(sums.length);
  for (let at = 0; at < sums.length; at += 1) {
    const channel = Math.floor(at / g.filters) % g.channels;
    const exponent = channels.exponents[channel] + filters.exponents[at % g.filters];
    result[at] = roundExact(sums[at], exponent);
  }
  return result;
}

/** @cost one pass over x and dy for the shifts and exponents, then the positions of one tap */
function evaluateElement(call: OpCall, index: number): number {
  const g = convGeometry(call.inputShapes[0], call.shape, call.attributes);
  const bound = boundOf(call.attributes[0]);
  const { x, dy } = balanced(call, g);
  const { xChannels, dyFilters } = groupings(g);
  const filter = index % g.filters;
  const channel = Math.floor(index / g.filters) % g.channels;
  const tap = Math.floor(index / (g.filters * g.channels));
  const tapRow = Math.floor(tap / g.filterWidth);
  const tapColumn = tap % g.filterWidth;
  const channelExponent = leastExponent(groupMaximum(x, xChannels, channel), bound);
  const filterExponent = leastExponent(groupMaximum(dy, dyFilters, filter), bound);
  let sum = 0;
  for (let n = 0; n < g.images; n += 1) {
    for (let oh = 0; oh < g.outHeight; oh += 1) {
      const row = tapPosition(g, oh, tapRow, g.height);
      if (row < 0) continue;
      for (let ow = 0; ow < g.outWidth; ow += 1) {
        const column = tapPosition(g, ow, tapColumn, g.width);
        if (column < 0) continue;
        const xAt = ((n * g.height + row) * g.width + column) * g.channels + channel;
        const dyAt = ((n * g.outHeight + oh) * g.outWidth + ow) * g.filters + filter;
        sum += quantiseOne(x[xAt], channelExponent) * quantiseOne(dy[dyAt], filterExponent);
      }
    }
  }
  return roundExact(sum, channelExponent + filterExponent);
}

/** x [N,H,W,C], dy [N,OH,OW,O] to the declared shape of w; attributes profile, stride, pad. */
export const conv2dGradientFilter: Op = {
  name: NAME,
  inputCount: 2,
  outputShape: ([x, dy], attributes, declared) => {
    const geometry = checkConv(NAME, x, declared, attributes);
    if (!geometry.ok) return geometry;
    if (!sameShape(dy, convOutputShape(geometry.value))) {
      return refuseShape(NAME, "dy has the shape the convolution gives");
    }
    return accept(declared);
  },
  evaluate,
  evaluateElement,
  cost: ([x], attributes, shape) => convCost(convGeometry(x, shape, attributes)),
};
