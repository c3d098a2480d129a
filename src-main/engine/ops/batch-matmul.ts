/**
 * Decides `batch-matmul`: C = A·B for each batch element, each its own product with its own
 * exponents, as in `matmul` (NUMERICS.md, "Exact products"). A flag says of either operand that
 * its two last axes are stored the other way round.
 */
import { accept, reject } from "../../contract/outcome.ts";
import { productElement, productOf } from "../exact/product.ts";
import type { Product } from "../exact/product.ts";
import { CONTRACTION_MAX } from "../limits.ts";
import type { Shape } from "../program/program.ts";
import { elementCount, refuseAttribute, refuseShape, sameShape } from "./op.ts";
import type { Op, OpCall } from "./op.ts";
import { PROFILE, boundOf } from "./profile.ts";

/** Rows and columns of an operand as the product reads it. */
function matrixOf(shape: Shape, isTransposed: number): readonly [number, number] {
  const [rows, columns] = shape.slice(-2);
  return isTransposed === 1 ? [columns, rows] : [rows, columns];
}

/** The matrix at `first`, rows first, whichever way round it is stored. */
function readMatrix(
  values: Float32Array,
  first: number,
  [rows, columns]: readonly [number, number],
  isTransposed: number,
): Float32Array {
  const stored = values.subarray(first, first + rows * columns);
  if (isTransposed !== 1) return stored;
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1) result[i * columns + j] = stored[j * rows + i];
  }
  return result;
}

/** The product of one batch element. */
function productAt({ inputs, inputShapes, attributes }: OpCall, element: number): Product {
  const [profile, aFlag, bFlag] = attributes;
  const left = matrixOf(inputShapes[0], aFlag);
  const right = matrixOf(inputShapes[1], bFlag);
  const [m, k] = left;
  const n = right[1];
  const a = readMatrix(inputs[0], element * m * k, left, aFlag);
  const b = readMatrix(inputs[1], element * k * n, right, bFlag);
  return { a, b, m, k, n, bound: boundOf(profile), balanced: profile === PROFILE.I14K };
}

function evaluate(call: OpCall): Float32Array {
  const result = new Float32Array(elementCount(call.shape));
  const size = elementCount(call.shape.slice(-2));
  for (let first = 0; first < result.length; first += size) {
    result.set(productOf(productAt(call, first / size)), first);
  }
  return result;
}

/**
 * A [..., M, K] · B [..., K, N] with equal leading axes; attributes profile, A transposed, B
 * transposed (0 or 1 each: then the operand is stored [..., K, M] or [..., N, K]).
 * @bound  K ≤ 2^27; error of an element against fp64 as of `matmul`
 */
export const batchMatmul: Op = {
  name: "batch-matmul",
  inputCount: 2,
  outputShape: ([a, b], attributes) => {
    const [profile, aFlag, bFlag] = attributes;
    const isFlag = (flag: number): boolean => flag === 0 || flag === 1;
    if (attributes.length !== 3 || profile < 0 || profile > 2 || !isFlag(aFlag) || !isFlag(bFlag)) {
      return refuseAttribute("batch-matmul", "profile 0 to 2, then two flags, 0 or 1");
    }
    if (a.length < 3 || b.length !== a.length || !sameShape(a.slice(0, -2), b.slice(0, -2))) {
      return refuseShape("batch-matmul", "rank 3 at least, equal leading axes");
    }
    const [m, k] = matrixOf(a, aFlag);
    const [depth, n] = matrixOf(b, bFlag);
    if (k !== depth) return refuseShape("batch-matmul", "[..., M, K] and [..., K, N]");
    if (k > CONTRACTION_MAX) {
      return reject("ENGINE_LIMIT", { what: "contraction", value: k, max: CONTRACTION_MAX });
    }
    return accept([...a.slice(0, -2), m, n]);
  },
  evaluate,
  evaluateElement: (call, index) => {
    const [m, n] = call.shape.slice(-2);
    const element = Math.floor(index / (m * n));
    const rest = index - element * m * n;
    const row = Math.floor(rest / n);
    return productElement(productAt(call, element), row, rest - row * n);
  },
  cost: ([a], [, aFlag], shape) => elementCount(shape) * matrixOf(a, aFlag)[1],
  // Both operands are activations, so their gradients keep the profile of the product itself.
  gradient: ({ graph, inputs: [a, b], attributes, outputGradient: dy, needed }) => {
    const [profile, aFlag, bFlag] = attributes;
    const forA = () =>
      aFlag === 0
        ? graph.op("batch-matmul", [dy, b], [profile, 0, 1 - bFlag])
        : graph.op("batch-matmul", [b, dy], [profile, bFlag, 1]);
    const forB = () =>
      bFlag === 0
        ? graph.op("batch-matmul", [a, dy], [profile, 1 - aFlag, 0])
        : graph.op("batch-matmul", [dy, a], [profile, 1, aFlag]);
    return [needed[0] ? forA() : undefined, needed[1] ? forB() : undefined];
  },
};
