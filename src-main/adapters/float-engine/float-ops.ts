/**
 * Decides what each primitive op is in float arithmetic: the same mathematics as
 * `engine/NUMERICS.md`, without shared exponents, without canon, in the order the library likes.
 * What is no arithmetic (samples, one-hot, schedules, random masks) is taken from the engine.
 */

import type { Tensor } from "@tensorflow/tfjs";

import { opNamed } from "../../engine/ops/registry.ts";
import type { FloatCall, FloatOp } from "./float-op.ts";
import { SPATIAL_OPS } from "./spatial-ops.ts";
import { TOKEN_OPS } from "./token-ops.ts";

const ROOT_HALF = Math.SQRT1_2;
const DENSITY = 1 / Math.sqrt(2 * Math.PI);

type Binary = "add" | "sub" | "mul" | "div";
type Unary = "sqrt" | "exp" | "log" | "relu" | "sigmoid" | "tanh" | "erf" | "sin" | "cos";

const binary =
  (name: Binary): FloatOp =>
  ({ tf, inputs: [a, b] }) =>
    tf[name](a, b);

const unary =
  (name: Unary): FloatOp =>
  ({ tf, inputs: [x] }) =>
    tf[name](x);

const reduction =
  (name: "sum" | "max" | "mean"): FloatOp =>
  ({ tf, inputs: [x], attributes: [axis] }) =>
    tf[name](x, axis, true);

/** The normal distribution's Φ(x). */
function normalShare({ tf, inputs: [x] }: FloatCall): Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, ROOT_HALF)), 1), 0.5);
}

const gelu: FloatOp = (call) => call.tf.mul(call.inputs[0], normalShare(call));

const geluGradient: FloatOp = (call) => {
  const { tf, inputs } = call;
  const [x, dy] = inputs;
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), DENSITY);
  return tf.mul(dy, tf.add(normalShare(call), tf.mul(x, density)));
};

const pad: FloatOp = ({ tf, inputs: [x], attributes: [axis, before, after] }) =>
  tf.pad(
    x,
    x.shape.map((_, at) => (at === axis ? [before, after] : [0, 0]) as [number, number]),
  );

const slice: FloatOp = ({ tf, inputs: [x], attributes: [axis, first], shape }) =>
  tf.slice(
    x,
    shape.map((_, at) => (at === axis ? first : 0)),
    [...shape],
  );

const FLOAT_OPS: Readonly<Record<string, FloatOp>> = {
  slice,
  pad,
  reshape: ({ tf, inputs: [x], shape }) => tf.reshape(x, [...shape]),
  transpose: ({ tf, inputs: [x], attributes }) => tf.transpose(x, [...attributes]),
  add: binary("add"),
  sub: binary("sub"),
  mul: binary("mul"),
  div: binary("div"),
  bias: binary("add"),
  sqrt: unary("sqrt"),
  exp: unary("exp"),
  log: unary("log"),
  relu: unary("relu"),
  sigmoid: unary("sigmoid"),
  tanh: unary("tanh"),
  erf: unary("erf"),
  sin: unary("sin"),
  cos: unary("cos"),
  gelu,
  "gelu-gradient": geluGradient,
  "relu-gradient": ({ tf, inputs: [x, dy] }) => tf.mul(tf.step(x), dy),
  sum: reduction("sum"),
  max: reduction("max"),
  mean: reduction("mean"),
  matmul: ({ tf, inputs: [a, b] }) => tf.matMul(a, b),
  "batch-matmul": ({ tf, inputs: [a, b], attributes: [, aFlag, bFlag] }) =>
    tf.matMul(a, b, aFlag === 1, bFlag === 1),
  ...SPATIAL_OPS,
  ...TOKEN_OPS,
};

/**
 * Ops whose value is the engine's own: data, constants, chance, and whose pixel a gradient belongs
 * to; no arithmetic. Of equal pixels the engine takes the first; the WebAssembly kernel of tfjs
 * 4.22 takes the last, and drops gradients of windows without a positive pixel.
 */
const ENGINE_OPS: ReadonlySet<string> = new Set([
  "load",
  "one-hot",
  "constant",
  "schedule",
  "range",
  "dropout-mask",
  "max-pool-gradient",
]);

/** Ops that are the same in every step. */
const FIXED_OPS: ReadonlySet<string> = new Set(["constant", "range"]);

/** The op in float arithmetic; `undefined` where the engine's own value is taken, or none. */
export function floatOp(name: string): FloatOp | undefined {
  return Object.hasOwn(FLOAT_OPS, name) ? FLOAT_OPS[name] : undefined;
}

/** Whether a step program's op can be computed here. */
export function isOffered(name: string): boolean {
  return floatOp(name) !== undefined || (ENGINE_OPS.has(name) && opNamed(name) !== undefined);
}

/** Whether the op's value never changes, so that it is made once. */
export function isFixed(name: string): boolean {
  return FIXED_OPS.has(name);
}
