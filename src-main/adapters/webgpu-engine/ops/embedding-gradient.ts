/**
 * Decides the gradient of an embedding: each row of the table has a list of the positions that
 * hold its token. Invocations add to the lists as they come, in another order each time; the sums
 * over them are exact, so no order can be seen.
 */
import { elementKernel, overElements, sizeOf } from "../kernel.ts";
import type { OpPlanner } from "../kernel.ts";
import { EXACT_INTEGERS } from "../wgsl/exact-integers.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";

/** No position; positions are below 2^23. */
const NONE = "0xffffffffu";

const emptied = elementKernel("empty lists", ["H"], "w", [], `  H[at] = ${NONE};`);

/** Numbers: count of positions, rows. H are heads of lists, N the position after each. */
const listed = elementKernel(
  "lists of positions",
  ["X", "H: array<atomic<u32>>", "N"],
  "rww",
  [SOFT_FLOAT],
  `  let row = token_row(X[at], P[1]);
  if (row >= 0) { N[at] = atomicExchange(&H[row], at); }`,
);

/** Numbers: count, width. */
const summed = elementKernel(
  "embedding-gradient",
  ["H", "N", "D", "Y"],
  "rrrw",
  [SOFT_FLOAT, EXACT_INTEGERS],
  `  let column = at % P[1];
  let head = H[at / P[1]];
  var size = 0u;
  for (var p = head; p != ${NONE}; p = N[p]) {
    size = max(size, D[p * P[1] + column] & MAGNITUDE);
  }
  let exponent = i32(size >> 23u) - 156;
  var sum = vec2<u32>(0u, 0u);
  for (var p = head; p != ${NONE}; p = N[p]) {
    sum = plus(sum, quantised(D[p * P[1] + column], 0, exponent));
  }
  Y[at] = rounded64(sum, exponent);`,
);

const embeddingGradient: OpPlanner = (plan) => {
  const { inputs, inputShapes, output, shape, scratch } = plan;
  const [tokens, dy] = inputs;
  const [rows, width] = shape;
  const positions = sizeOf(inputShapes[0]);
  const heads = scratch("heads of lists", rows);
  const next = scratch("next of lists", positions);
  return [
    overElements(emptied, rows, [], [heads]),
    overElements(listed, positions, [rows], [tokens, heads, next]),
    overElements(summed, sizeOf(shape), [width], [heads, next, dy, output]),
  ];
};

/** Planners of these ops by name. */
export const EMBEDDING_GRADIENT: Readonly<Record<string, OpPlanner>> = {
  "embedding-gradient": embeddingGradient,
};
