/**
 * Decides which faults are planted: one bit of an accumulator, one element of one step, and the
 * variants of an op that broke the equality of others' trainings (a library's functions, a fused
 * multiply-add, reciprocals, sums in their order, rounding twice, numbers flushed or kept).
 */
import { canon } from "../../src-main/engine/canon.ts";
import { groupExponents, quantise } from "../../src-main/engine/exact/quantise.ts";
import { roundExact } from "../../src-main/engine/exact/round-exact.ts";
import type { Fault, FaultPlace } from "./faulty-backend.ts";

const round = Math.fround;

/** Each value anew from its operands, of one element each. */
function variantOf(op: string, of: (...inputs: readonly number[]) => number): Fault {
  return (values, place) => {
    if (place.op !== op) return;
    const { inputs } = place.call;
    if (inputs.some(({ length }) => length !== values.length)) return;
    for (const at of values.keys()) values[at] = canon(of(...inputs.map((input) => input[at])));
  };
}

/** The sums of a product's row and column as integers, and what they are scaled by. */
function accumulatorOf({ call }: FaultPlace, row: number, column: number) {
  const [[, k], [, n]] = call.inputShapes;
  const [a, b] = call.inputs;
  const left = a.slice(row * k, (row + 1) * k);
  const right = Float32Array.from({ length: k }, (_, at) => b[at * n + column]);
  const whole = { outer: 1, groups: 1, inner: k };
  const [rows, columns] = [quantise(left, whole, 8127), quantise(right, whole, 8127)];
  const sum = rows.integers.reduce((held, q, at) => held + q * columns.integers[at], 0);
  return { sum, exponent: rows.exponents[0] + columns.exponents[0] };
}

/** Where the largest magnitude stands: what is small may be rounded away by what follows. */
function placeOfLargest(values: Float32Array): number {
  return values.reduce((held, value, at) => {
    return Math.abs(value) > Math.abs(values[held]) ? at : held;
  }, 0);
}

/** One bit of the sum behind a product's largest element, the lowest that is not rounded off. */
export function accumulatorBit(step: number): Fault {
  return (values, place) => {
    const { op, call } = place;
    if (op !== "matmul" || call.attributes[0] !== 0 || call.step !== step) return;
    const n = call.inputShapes[1][1];
    const at = placeOfLargest(values);
    const { sum, exponent } = accumulatorOf(place, Math.floor(at / n), at % n);
    const bit = 2 ** Math.max(0, Math.floor(Math.log2(Math.abs(sum))) - 23);
    values[at] = roundExact(Math.floor(sum / bit) % 2 === 0 ? sum + bit : sum - bit, exponent);
  };
}

/** The lowest bit of the largest element of op `op` in one step. */
export function elementBit(op: string, step: number): Fault {
  return (values, place) => {
    if (place.op !== op || place.call.step !== step) return;
    new Uint32Array(values.buffer)[placeOfLargest(values)] ^= 1;
  };
}

/** A sum of f32 in their order, as a plain loop has it. */
const orderedSum: Fault = (values, { op, call }) => {
  if (op !== "sum") return;
  const [axis] = call.attributes;
  const [shape] = call.inputShapes;
  const inner = shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  for (const at of values.keys()) {
    const first = Math.floor(at / inner) * inner * shape[axis] + (at % inner);
    let held = 0;
    for (let i = 0; i < shape[axis]; i += 1) held = round(held + call.inputs[0][first + i * inner]);
    values[at] = canon(held);
  }
};

/** A product of f32 in f32. */
const floatProduct: Fault = (values, { op, call }) => {
  if (op !== "matmul") return;
  const [[, k], [, n]] = call.inputShapes;
  const [a, b] = call.inputs;
  for (const at of values.keys()) {
    const row = Math.floor(at / n);
    let held = 0;
    for (let i = 0; i < k; i += 1) held = round(held + round(a[row * k + i] * b[i * n + (at % n)]));
    values[at] = canon(held);
  }
};

/** Without the rule that exponents of a group are the least: one too many loses a bit of each. */
const wideExponents: Fault = (values, place) => {
  const { op, call } = place;
  if (op !== "matmul" || call.attributes[0] !== 0) return;
  const [[, k], [, n]] = call.inputShapes;
  const rows = groupExponents(
    call.inputs[0],
    { outer: 1, groups: values.length / n, inner: k },
    8127,
  );
  for (const at of values.keys()) {
    const { sum, exponent } = accumulatorOf(place, Math.floor(at / n), at % n);
    if (rows[Math.floor(at / n)] < 0) values[at] = roundExact(sum - (sum % 2), exponent);
  }
};

/** β^t by the library instead of one multiplication a step. */
export const libraryPower: Fault = (values, { op, call }) => {
  if (op !== "mul" || values.length !== 1 || call.shape.length !== 1) return;
  const beta = call.inputs[1][0];
  if (beta < 0.9 || beta >= 1) return;
  values[0] = canon(beta ** call.step);
};

/** Numbers below the smallest are kept, as where nothing is flushed. */
export const keptSubnormals: Fault = (values, { op, call }) => {
  if (op !== "mul") return;
  const [a, b] = call.inputs;
  if (a.length !== values.length || b.length !== values.length) return;
  for (const at of values.keys()) {
    const product = round(a[at] * b[at]);
    if (values[at] === 0 && product !== 0 && Math.abs(product) < 2 ** -96) values[at] = product;
  }
};

/** Variants of an op by what is wrong with them. */
export const VARIANTS: Readonly<Record<string, Fault>> = {
  "exp of the library": variantOf("exp", (x) => round(Math.exp(x))),
  "log of the library": variantOf("log", (x) => (x > 0 ? round(Math.log(x)) : -(2 ** 60))),
  "sin of the library": variantOf("sin", (x) => round(Math.sin(x))),
  "cos of the library": variantOf("cos", (x) => round(Math.cos(x))),
  "beta to the t of the library": libraryPower,
  "division by a reciprocal": variantOf("div", (a, b) => (b === 0 ? 0 : round(a * round(1 / b)))),
  "root by a reciprocal root": variantOf("sqrt", (x) =>
    x > 0 ? round(x * round(1 / Math.sqrt(x))) : 0,
  ),
  "sums in their order": orderedSum,
  "products in f32": floatProduct,
  "a sum's last bit cut off": wideExponents,
};
