/**
 * Decides `matmul`: C = A·B, order-free. Rows of A and columns of B become integers with one
 * exponent each, the dot product is exact, one rounding follows (NUMERICS.md, "Exact products").
 */
import { accept, reject } from "../../contract/outcome.ts";
import {
  balanceShifts,
  groupMaximum,
  leastExponent,
  quantise,
  quantiseOne,
  shifted,
} from "../exact/quantise.ts";
import type { Grouping } from "../exact/quantise.ts";
import { powerOfTwo } from "../exact/power-of-two.ts";
import { roundExact } from "../exact/round-exact.ts";
import { CONTRACTION_MAX } from "../limits.ts";
import { refuseAttribute, refuseShape } from "./op.ts";
import type { Op, OpCall } from "./op.ts";
import { PROFILE, boundOf } from "./profile.ts";

const rowsOf = (rows: number, columns: number): Grouping => {
  return { outer: 1, groups: rows, inner: columns };
};
const columnsOf = (rows: number, columns: number): Grouping => {
  return { outer: rows, groups: columns, inner: 1 };
};

function evaluate({ inputs: [a, b], inputShapes, attributes: [profile] }: OpCall): Float32Array {
  const [[m, k], [, n]] = inputShapes;
  const bound = boundOf(profile);
  let left: Float32Array | Float64Array = a;
  let right: Float32Array | Float64Array = b;
  if (profile === PROFILE.I14K) {
    const shifts = balanceShifts(a, columnsOf(m, k), b, rowsOf(k, n), bound);
    left = shifted(a, columnsOf(m, k), shifts, -1);
    right = shifted(b, rowsOf(k, n), shifts, 1);
  }
  const rows = quantise(left, rowsOf(m, k), bound);
  const columns = quantise(right, columnsOf(k, n), bound);
  const result = new Float32Array(m * n);
  const sums = new Float64Array(n);
  for (let i = 0; i < m; i += 1) {
    sums.fill(0);
    for (let l = 0; l < k; l += 1) {
      const factor = rows.integers[i * k + l];
      if (factor === 0) continue;
      const first = l * n;
      for (let j = 0; j < n; j += 1) sums[j] += factor * columns.integers[first + j];
    }
    for (let j = 0; j < n; j += 1) {
      result[i * n + j] = roundExact(sums[j], rows.exponents[i] + columns.exponents[j]);
    }
  }
  return result;
}

/** @cost O(K), and O(MK + KN) comparisons for I14K, whose shifts depend on whole operands */
function evaluateElement(call: OpCall, index: number): number {
  const [a, b] = call.inputs;
  const [[m, k], [, n]] = call.inputShapes;
  const [profile] = call.attributes;
  const bound = boundOf(profile);
  const row = Math.floor(index / n);
  const column = index - row * n;
  const rowValues = new Float64Array(k);
  const columnValues = new Float64Array(k);
  const shifts =
    profile === PROFILE.I14K
      ? balanceShifts(a, columnsOf(m, k), b, rowsOf(k, n), bound)
      : new Int32Array(k);
  for (let l = 0; l < k; l += 1) {
    rowValues[l] = a[row * k + l] * powerOfTwo(-shifts[l]);
    columnValues[l] = b[l * n + column] * powerOfTwo(shifts[l]);
  }
  const whole = rowsOf(1, k);
  const rowExponent = leastExponent(groupMaximum(rowValues, whole, 0), bound);
  const columnExponent = leastExponent(groupMaximum(columnValues, whole, 0), bound);
  let sum = 0;
  for (let l = 0; l < k; l += 1) {
    sum += quantiseOne(rowValues[l], rowExponent) * quantiseOne(columnValues[l], columnExponent);
  }
  return roundExact(sum, rowExponent + columnExponent);
}

/** [M, K] · [K, N]; attribute profile. */
export const matmul: Op = {
  name: "matmul",
  inputCount: 2,
  outputShape: ([a, b], attributes) => {
    if (attributes.length !== 1 || attributes[0] < 0 || attributes[0] > 2) {
      return refuseAttribute("matmul", "one attribute, profile 0, 1 or 2");
    }
    if (a.length !== 2 || b.length !== 2 || a[1] !== b[0]) {
      return refuseShape("matmul", "[M, K] and [K, N]");
    }
    if (a[1] > CONTRACTION_MAX) {
      return reject("ENGINE_LIMIT", { what: "contraction", value: a[1], max: CONTRACTION_MAX });
    }
    return accept([a[0], b[1]]);
  },
  evaluate,
  evaluateElement,
  cost: ([a], _attributes, shape) => a[1] * shape[0] * shape[1],
  gradient: ({ graph, inputs: [a, b], attributes: [profile], outputGradient, needed }) => {
    const plain = profile === PROFILE.I8 ? PROFILE.I8 : PROFILE.I14;
    // In 8 bits the job asked for 8 bits in every product, and there is no balanced form of them.
    const balanced = profile === PROFILE.I8 ? PROFILE.I8 : PROFILE.I14K;
    const forA = () =>
      graph.op("matmul", [outputGradient, graph.op("transpose", [b], [1, 0])], [plain]);
    // The weight gradient contracts over samples, whose magnitudes differ widely: balance them.
    const forB = () =>
      graph.op("matmul", [graph.op("transpose", [a], [1, 0]), outputGradient], [balanced]);
    return [needed[0] ? forA() : undefined, needed[1] ? forB() : undefined];
  },
};
