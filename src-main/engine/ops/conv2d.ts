/**
 * Decides `conv2d`: y[n,oh,ow,o] = Σ x[n, oh·s+i−p, ow·s+j−p, c]·w[i,j,c,o], order-free; one
 * exponent an image of x, one an output channel of w.
 */
import { accept } from "../../contract/outcome.ts";
import { groupMaximum, leastExponent, quantise, quantiseOne } from "../exact/quantise.ts";
import type { Grouping } from "../exact/quantise.ts";
import { roundExact } from "../exact/round-exact.ts";
import { elementCount } from "./op.ts";
import {
  checkConv,
  convCost,
  convGeometry,
  convOutputShape,
  tapPosition,
} from "./conv-geometry.ts";
import type { ConvGeometry } from "./conv-geometry.ts";
import type { Op, OpCall } from "./op.ts";
import { boundOf } from "./profile.ts";

const imagesOf = (g: ConvGeometry): Grouping => {
  return { outer: 1, groups: g.images, inner: g.height * g.width * g.channels };
};
const filtersOf = (g: ConvGeometry): Grouping => {
  return { outer: g.filterHeight * g.filterWidth * g.channels, groups: g.filters, inner: 1 };
};

/** Adds the exact sums of one output pixel, for all filters, to `sums`. */
function addPixel(
  g: ConvGeometry,
  image: number,
  outRow: number,
  outColumn: number,
  x: Float64Array,
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
      const xFirst = ((image * g.height + row) * g.width + column) * channels;
      const wFirst = (i * g.filterWidth + j) * channels * filters;
      for (let c = 0; c < channels; c += 1) {
        const factor = x[xFirst + c];
        if (factor === 0) continue;
        const first = wFirst + c * filters;
        for (let o = 0; o < filters; o += 1) sums[o] += factor * w[first + o];
      }
    }
  }
}

function evaluate({ inputs: [x, w], inputShapes, attributes }: OpCall): Float32Array {
  const g = convGeometry(inputShapes[0], inputShapes[1], attributes);
  const bound = boundOf(attributes[0]);
  const images = quantise(x, imagesOf(g), bound);
  const filters = quantise(w, filtersOf(g), bound);
  const result = new Float32Array(elementCount(convOutputShape(g)));
  const sums = new Float64Array(g.filters);
  let at = 0;
  for (let n = 0; n < g.images; n += 1) {
    for (let oh = 0; oh < g.outHeight; oh += 1) {
      for (let ow = 0; ow < g.outWidth; ow += 1) {
        sums.fill(0);
        addPixel(g, n, oh, ow, images.integers, filters.integers, sums);
        for (let o = 0; o < g.filters; o += 1, at += 1) {
          result[at] = roundExact(sums[o], images.exponents[n] + filters.exponents[o]);
        }
      }
    }
  }
  return result;
}

/** @cost one image and one filter, to find their exponents, and the taps of one output */
function evaluateElement(call: OpCall, index: number): number {
  const [x, w] = call.inputs;
  const g = convGeometry(call.inputShapes[0], call.inputShapes[1], call.attributes);
  const bound = boundOf(call.attributes[0]);
  const filter = index % g.filters;
  const pixel = Math.floor(index / g.filters);
  const outColumn = pixel % g.outWidth;
  const outRow = Math.floor(pixel / g.outWidth) % g.outHeight;
  const image = Math.floor(pixel / (g.outWidth * g.outHeight));
  const imageExponent = leastExponent(groupMaximum(x, imagesOf(g), image), bound);
  const filterExponent = leastExponent(groupMaximum(w, filtersOf(g), filter), bound);
  let sum = 0;
  for (let i = 0; i < g.filterHeight; i += 1) {
    const row = tapPosition(g, outRow, i, g.height);
    if (row < 0) continue;
    for (let j = 0; j < g.filterWidth; j += 1) {
      const column = tapPosition(g, outColumn, j, g.width);
      if (column < 0) continue;
      for (let c = 0; c < g.channels; c += 1) {
        const xAt = ((image * g.height + row) * g.width + column) * g.channels + c;
        const wAt = ((i * g.filterWidth + j) * g.channels + c) * g.filters + filter;
        sum += quantiseOne(x[xAt], imageExponent) * quantiseOne(w[wAt], filterExponent);
      }
    }
  }
  return roundExact(sum, imageExponent + filterExponent);
}

/** x [N,H,W,C], w [KH,KW,C,O]; attributes profile, stride, pad. */
export const conv2d: Op = {
  name: "conv2d",
  inputCount: 2,
  outputShape: ([x, w], attributes) => {
    const geometry = checkConv("conv2d", x, w, attributes);
    return geometry.ok ? accept(convOutputShape(geometry.value)) : geometry;
  },
  evaluate,
  evaluateElement,
  cost: ([x, w], attributes) => convCost(convGeometry(x, w, attributes)),
  gradient: ({ graph, inputs: [x, w], attributes, outputGradient, needed }) => [
    needed[0]
      ? graph.op("conv2d-gradient-input", [outputGradient, w], attributes, x.shape)
      : undefined,
    needed[1]
      ? graph.op("conv2d-gradient-filter", [x, outputGradient], attributes, w.shape)
      : undefined,
  ],
};
