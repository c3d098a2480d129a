/**
 * Decides the ops that go element by element: one operand, two of equal shape, or two of which
 * either repeats along some axes.
 */
import type { Shape } from "../../../engine/index.ts";
import { elementKernel, overElements, sizeOf } from "../kernel.ts";
import type { Kernel, OpPlanner } from "../kernel.ts";
import { ELEMENTARY } from "../wgsl/elementary.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";

const PARTS = [SOFT_FLOAT, ELEMENTARY];

type Expression = (x: string, y: string) => string;

/** WGSL of an operand to the result. */
const UNARY: Readonly<Record<string, Expression>> = {
  sqrt: (x) => `root(${x})`,
  exp: (x) => `exponential(${x})`,
  log: (x) => `logarithm(${x})`,
  relu: (x) => `select(${x}, 0u, (${x} & SIGN) != 0u)`,
  sigmoid: (x) => `logistic(${x})`,
  tanh: (x) => `hyperbolic(${x})`,
  erf: (x) => `error_function(${x})`,
  gelu: (x) => `gelu(${x})`,
  sin: (x) => `sine_at(${x}, 0)`,
  cos: (x) => `sine_at(${x}, 1)`,
};

/** WGSL of two operands to the result. */
const BINARY: Readonly<Record<string, Expression>> = {
  add: (a, b) => `add(${a}, ${b})`,
  sub: (a, b) => `sub(${a}, ${b})`,
  mul: (a, b) => `mul(${a}, ${b})`,
  div: (a, b) => `div(${a}, ${b})`,
  "relu-gradient": (a, b) => `select(0u, ${b}, order(${a}) > 0)`,
  "gelu-gradient": (a, b) => `mul(${b}, gelu_slope(${a}))`,
};

/** WGSL of an op from the names of its operands. */
export const EXPRESSIONS: ReadonlyMap<string, Expression> = new Map(
  Object.entries({ ...UNARY, ...BINARY, bias: BINARY["add"] }),
);

function unary(name: string): OpPlanner {
  const body = `  let x = X[at];\n  Y[at] = ${UNARY[name]("x", "")};`;
  const kernel = elementKernel(name, ["X", "Y"], "rw", PARTS, body);
  return ({ inputs: [x], output, shape }) => [overElements(kernel, sizeOf(shape), [], [x, output])];
}

function equalKernel(name: string): Kernel {
  const body = `  let a = A[at];\n  let b = B[at];\n  Y[at] = ${BINARY[name]("a", "b")};`;
  return elementKernel(name, ["A", "B", "Y"], "rrw", PARTS, body);
}

/** Numbers: count, rank, then dimension, stride of a, stride of b of each axis, last axis first. */
function repeatedKernel(name: string): Kernel {
  const body = `  var rest = at;
  var of_a = 0u;
  var of_b = 0u;
  for (var axis = 0u; axis < P[1]; axis++) {
    let size = P[2u + 3u * axis];
    let position = rest % size;
    rest /= size;
    of_a += position * P[3u + 3u * axis];
    of_b += position * P[4u + 3u * axis];
  }
  let a = A[of_a];
  let b = B[of_b];
  Y[at] = ${BINARY[name]("a", "b")};`;
  return elementKernel(`${name}, repeated`, ["A", "B", "Y"], "rrw", PARTS, body);
}

/** Row-major strides of `shape`, 0 along axes that it repeats to fill `target`. */
function repeatStrides(shape: Shape, target: Shape): number[] {
  return shape.map((dim, axis) => (dim === 1 && target[axis] !== 1 ? 0 : sizeOf(shape, axis + 1)));
}

/** Axes of the result with both strides, last axis first; neighbours that walk alike are one. */
export function commonAxes(
  shape: Shape,
  aStrides: readonly number[],
  bStrides: readonly number[],
): readonly (readonly [size: number, a: number, b: number])[] {
  const axes: [number, number, number][] = [];
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    if (shape[axis] === 1) continue;
    const last = axes.at(-1);
    const joins =
      last !== undefined &&
      aStrides[axis] === last[0] * last[1] &&
      bStrides[axis] === last[0] * last[2];
    if (joins) last[0] *= shape[axis];
    else axes.push([shape[axis], aStrides[axis], bStrides[axis]]);
  }
  return axes;
}

/** The strides of each operand of an op that goes element by element. */
export function operandStrides(
  shape: Shape,
  operands: readonly Shape[],
): readonly (readonly number[])[] {
  const [a, b] = operands;
  if (operands.length === 1) return [repeatStrides(a, shape)];
  // The bias of each column is a second operand that repeats along all axes but the last.
  const full = a.length === b.length ? b : [...a.slice(1).fill(1), b[0]];
  return [repeatStrides(a, shape), repeatStrides(full, shape)];
}

function binary(name: string): OpPlanner {
  const equal = equalKernel(name);
  const repeated = repeatedKernel(name);
  return ({ inputs, inputShapes, output, shape }) => {
    const slots = [...inputs, output];
    const [ofA, ofB] = operandStrides(shape, inputShapes);
    const axes = commonAxes(shape, ofA, ofB);
    const isPlain = axes.length === 0 || (axes.length === 1 && axes[0][1] * axes[0][2] === 1);
    if (isPlain) return [overElements(equal, sizeOf(shape), [], slots)];
    return [overElements(repeated, sizeOf(shape), [axes.length, ...axes.flat()], slots)];
  };
}

/** Planners of these ops by name. */
export const ELEMENTWISE: Readonly<Record<string, OpPlanner>> = {
  ...Object.fromEntries(Object.keys(UNARY).map((name) => [name, unary(name)])),
  ...Object.fromEntries(Object.keys(BINARY).map((name) => [name, binary(name)])),
  bias: binary("add"),
};
