/**
 * Decides `matmul`: C = A·B, order-free. Rows of A and columns of B become integers with one
 * exponent each, the dot product is exact, one rounding follows (NUMERICS.md, "Exact products").
 */
import { accept, reject } from "../../contract/outcome.ts";
import { productElement, productOf } from "../exact/product.ts";
import type { Product } from "../exact/product.ts";
import { CONTRACTION_MAX } from "../limits.ts";
import { refuseAttribute, refuseShape } from "./op.ts";
import type { Op, OpCall } from "./op.ts";
import { PROFILE, boundOf } from "./profile.ts";

function asProduct({ inputs: [a, b], inputShapes, attributes: [profile] }: OpCall): Product {
  const [[m, k], [, n]] = inputShapes;
  return { a, b, m, k, n, bound: boundOf(profile), balanced: profile === PROFILE.I14K };
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
  evaluate: (call) => productOf(asProduct(call)),
  evaluateElement: (call, index) => {
    const n = call.inputShapes[1][1];
    const row = Math.floor(index / n);
    return productElement(asProduct(call), row, index - row * n);
  },
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
