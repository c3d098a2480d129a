/**
 * Decides one exact product C = A·B on row-major matrices: rows of A and columns of B become
 * integers with one exponent each, the dot products are exact, one rounding follows (NUMERICS.md,
 * "Exact products"). `matmul` is one of them, `batch-matmul` one a batch element.
 */
import {
  balanceShifts,
  groupMaximum,
  leastExponent,
  quantise,
  quantiseOne,
  shifted,
} from "./quantise.ts";
import type { Bound, Grouping } from "./quantise.ts";
import { powerOfTwo } from "./power-of-two.ts";
import { roundExact } from "./round-exact.ts";

/** Operands and sizes of a product; A is [m, k], B is [k, n]. */
export interface Product {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly bound: Bound;
  /** Balanced along k first (I14K). */
  readonly balanced: boolean;
}

const rowsOf = (rows: number, columns: number): Grouping => {
  return { outer: 1, groups: rows, inner: columns };
};
const columnsOf = (rows: number, columns: number): Grouping => {
  return { outer: rows, groups: columns, inner: 1 };
};

function shiftsOf({ a, b, m, k, n, bound, balanced }: Product): Int32Array {
  if (!balanced) return new Int32Array(k);
  return balanceShifts(a, columnsOf(m, k), b, rowsOf(k, n), bound);
}

/** The whole product, [m, n]. */
export function productOf(product: Product): Float32Array {
  const { a, b, m, k, n, bound, balanced } = product;
  let left: Float32Array | Float64Array = a;
  let right: Float32Array | Float64Array = b;
  if (balanced) {
    const shifts = shiftsOf(product);
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

/**
 * One element of the product.
 * @cost O(k), and O(mk + kn) comparisons where balanced, whose shifts depend on whole operands
 */
export function productElement(product: Product, row: number, column: number): number {
  const { a, b, k, n, bound } = product;
  const rowValues = new Float64Array(k);
  const columnValues = new Float64Array(k);
  const shifts = shiftsOf(product);
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
