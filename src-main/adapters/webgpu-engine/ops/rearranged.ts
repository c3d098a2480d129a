/** Decides the ops that only move numbers, or make them from positions, tokens and the step. */
import type { Shape } from "../../../engine/index.ts";
import { elementKernel, overElements, sizeOf } from "../kernel.ts";
import type { OpPlan, OpPlanner } from "../kernel.ts";
import { PHILOX } from "../wgsl/philox.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";
import { commonAxes } from "./elementwise.ts";

/** Beyond any row or column; an offset farther off means the same as this. */
const OFFSET_FAR = 2 ** 29;

/** Numbers: count, first, rank, then dimension and stride of each axis, last axis first. */
const gathered = elementKernel(
  "gather",
  ["X", "Y"],
  "rw",
  [],
  `  var rest = at;
  var from_at = P[1];
  for (var axis = 0u; axis < P[2]; axis++) {
    let size = P[3u + 2u * axis];
    from_at += (rest % size) * P[4u + 2u * axis];
    rest /= size;
  }
  Y[at] = X[from_at];`,
);

function gather({ inputs: [x], output, shape }: OpPlan, first: number, strides: readonly number[]) {
  const axes = commonAxes(shape, strides, strides).flatMap(([size, stride]) => [size, stride]);
  return [overElements(gathered, sizeOf(shape), [first, axes.length / 2, ...axes], [x, output])];
}

const rowMajor = (shape: Shape): number[] => shape.map((_, axis) => sizeOf(shape, axis + 1));

const slice: OpPlanner = (plan) => {
  const [axis, first] = plan.attributes;
  const strides = rowMajor(plan.inputShapes[0]);
  return gather(plan, first * strides[axis], strides);
};

const transpose: OpPlanner = (plan) => {
  const strides = rowMajor(plan.inputShapes[0]);
  return gather(
    plan,
    0,
    plan.attributes.map((axis) => strides[axis]),
  );
};

/** Numbers: count, inner, size of the axis after, before, size of it before. */
const padded = elementKernel(
  "pad",
  ["X", "Y"],
  "rw",
  [],
  `  let inner = at % P[1];
  let line = at / P[1];
  let position = line % P[2] - P[3];
  let outer = line / P[2];
  var y = 0u;
  if (position < P[4]) { y = X[(outer * P[4] + position) * P[1] + inner]; }
  Y[at] = y;`,
);

const pad: OpPlanner = ({ inputs: [x], inputShapes, attributes, output, shape }) => {
  const [axis, before] = attributes;
  const numbers = [sizeOf(shape, axis + 1), shape[axis], before, inputShapes[0][axis]];
  return [overElements(padded, sizeOf(shape), numbers, [x, output])];
};

/** Numbers: count, columns, rows, offset, bits. */
const masked = elementKernel(
  "causal-mask",
  ["X", "Y"],
  "rw",
  [],
  `  let column = i32(at % P[1]);
  let row = i32((at / P[1]) % P[2]);
  Y[at] = select(P[4], X[at], column <= row + i32(P[3]));`,
);

const causalMask: OpPlanner = ({ inputs: [x], attributes: [offset, bits], output, shape }) => {
  const [rows, columns] = shape.slice(-2);
  const near = Math.max(-OFFSET_FAR, Math.min(OFFSET_FAR, offset));
  return [overElements(masked, sizeOf(shape), [columns, rows, near, bits], [x, output])];
};

/** Numbers: count, bits. */
const filled = elementKernel("constant", ["Y"], "w", [], `  Y[at] = P[1];`);

const constant: OpPlanner = ({ attributes: [bits], output, shape }) => [
  overElements(filled, sizeOf(shape), [bits], [output]),
];

/** Numbers: count, inner, size of the axis. */
const counted = elementKernel(
  "range",
  ["Y"],
  "w",
  [SOFT_FLOAT],
  `  Y[at] = of_integer(i32((at / P[1]) % P[2]));`,
);

const range: OpPlanner = ({ attributes: [axis], output, shape }) => [
  overElements(counted, sizeOf(shape), [sizeOf(shape, axis + 1), shape[axis]], [output]),
];

/** Numbers: count, classes. */
const marked = elementKernel(
  "one-hot",
  ["X", "Y"],
  "rw",
  [SOFT_FLOAT],
  `  let class_of = i32(at % P[1]);
  Y[at] = select(0u, ONE, token_row(X[at / P[1]], P[1]) == class_of);`,
);

const oneHot: OpPlanner = ({ inputs: [x], attributes: [classes], output, shape }) => [
  overElements(marked, sizeOf(shape), [classes], [x, output]),
];

/** Numbers: count, rows, width. */
const lookedUp = elementKernel(
  "embedding",
  ["T", "X", "Y"],
  "rrw",
  [SOFT_FLOAT],
  `  let row = token_row(X[at / P[2]], P[1]);
  var y = 0u;
  if (row >= 0) { y = T[u32(row) * P[2] + at % P[2]]; }
  Y[at] = y;`,
);

const embedding: OpPlanner = ({ inputs, inputShapes: [table], output, shape }) => [
  overElements(lookedUp, sizeOf(shape), [...table], [...inputs, output]),
];

/** Numbers: count of words, elements, threshold, bits, layer. */
const drawn = elementKernel(
  "dropout-mask",
  ["K", "S", "Y"],
  "rrw",
  [PHILOX],
  `  var words = philox(vec4<u32>(at, S[0], P[4], 0u), vec2<u32>(K[0], K[1]));
  for (var i = 0u; i < 4u; i++) {
    if (4u * at + i < P[1]) { Y[4u * at + i] = select(0u, P[3], words[i] >= P[2]); }
  }`,
);

const dropoutMask: OpPlanner = ({ inputs: [key], attributes, output, shape, step }) => {
  const count = sizeOf(shape);
  return [overElements(drawn, Math.ceil(count / 4), [count, ...attributes], [key, step, output])];
};

/** Numbers: 1, entries, then step and bits of each. */
const scheduled = elementKernel(
  "schedule",
  ["S", "Y"],
  "rw",
  [],
  `  var y = P[3];
  for (var i = 0u; i < P[1]; i++) {
    if (P[2u + 2u * i] <= S[0]) { y = P[3u + 2u * i]; }
  }
  Y[0] = y;`,
);

const schedule: OpPlanner = ({ attributes, output, step }) => [
  overElements(scheduled, 1, attributes, [step, output]),
];

/** Planners of these ops by name. */
export const REARRANGED: Readonly<Record<string, OpPlanner>> = {
  slice,
  transpose,
  pad,
  "causal-mask": causalMask,
  constant,
  range,
  "one-hot": oneHot,
  embedding,
  "dropout-mask": dropoutMask,
  schedule,
};
