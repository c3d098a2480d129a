/**
 * Measures how far each op's value is from the same in doubles, in the unit in which its bound is
 * stated (NUMERICS.md, "Errors"). What is said of products is in op-products.ts.
 */
import { checkRandom } from "../../src-main/adapters/native-engine/check-random.ts";
import type { CheckRandom } from "../../src-main/adapters/native-engine/check-random.ts";
import { canon } from "../../src-main/engine/canon.ts";
import { runOp } from "../generators/run-op.ts";
import { PRODUCT_ERRORS } from "./op-products.ts";

/** The largest error over `count` values or so, in the unit of the op's bound. */
export type ErrorMeasure = (random: CheckRandom, count: number) => number;

/** The place of the last bit of a canonical number. */
function ulpOf(value: number): number {
  return 2 ** (Math.max(-96, Math.floor(Math.log2(Math.abs(value) || 1))) - 23);
}

const unit = (random: CheckRandom): number => random.below(4_000_001) / 2_000_000 - 1;

/** Canonical numbers in [−reach, reach], evenly or by exponent. */
function spread(reach: number) {
  return (random: CheckRandom): number => {
    const value = random.below(2) === 0 ? unit(random) : unit(random) * 2 ** -random.below(24);
    return canon(value * reach);
  };
}

/** Any mantissa, exponents −20 to 20. */
const wide = (random: CheckRandom): number => canon(unit(random) * 2 ** random.between(-20, 20));

function tensor(shape: readonly number[], random: CheckRandom, draw: (r: CheckRandom) => number) {
  const count = shape.reduce((product, dim) => product * dim, 1);
  return { shape, values: Float32Array.from({ length: count }, () => draw(random)) };
}

/** Of an elementwise op: `truth` in doubles, the error in `scale`, the last place if not said. */
function elementwise(
  op: string,
  draws: readonly ((random: CheckRandom) => number)[],
  truth: (...inputs: readonly number[]) => number,
  scale: (truth: number, ...inputs: readonly number[]) => number = ulpOf,
): ErrorMeasure {
  return (random, count) => {
    const inputs = draws.map((draw) => tensor([count], random, draw));
    const { values } = runOp(op, inputs);
    let worst = 0;
    for (const [at, value] of values.entries()) {
      const given = inputs.map((input) => input.values[at]);
      const expected = truth(...given);
      worst = Math.max(worst, Math.abs(value - expected) / scale(expected, ...given));
    }
    return worst;
  };
}

/** Erf of |x| < 6 by its series or its continued fraction, to some 1e-16. */
function errorFunction(x: number): number {
  const size = Math.abs(x);
  let sum = 0;
  if (size < 2.5) {
    for (let n = 0, term = size; n < 80; n += 1) {
      sum += term / (2 * n + 1);
      term *= -(size * size) / (n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  for (let n = 80; n >= 1; n -= 1) sum = n / 2 / (size + sum);
  return Math.sign(x) * (1 - Math.exp(-size * size) / ((size + sum) * Math.sqrt(Math.PI)));
}

/** Φ without the loss that 1 + erf has where x is far below zero. */
function normalShare(x: number): number {
  if (x > -2) return (1 + errorFunction(x * Math.SQRT1_2)) / 2;
  const size = -x * Math.SQRT1_2;
  let sum = 0;
  for (let n = 200; n >= 1; n -= 1) sum = n / 2 / (size + sum);
  return Math.exp(-size * size) / ((size + sum) * Math.sqrt(Math.PI)) / 2;
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const one = (): number => 1;

/** Sums along the middle of [outer, n, inner]: in half a place and n half steps of 2^(e−30). */
function alongAxis(op: "sum" | "mean"): ErrorMeasure {
  return (random, count) => {
    const [outer, inner] = [3, 5];
    const n = Math.max(2, Math.floor(count / (outer * inner)));
    const x = tensor([outer, n, inner], random, wide);
    const { values } = runOp(op, [x], { attributes: [1] });
    let worst = 0;
    for (const [at, value] of values.entries()) {
      const first = Math.floor(at / inner) * n * inner + (at % inner);
      const line = Array.from({ length: n }, (_, i) => x.values[first + i * inner]);
      worst = Math.max(worst, shareOfSum(value, line, op === "mean" ? n : 1));
    }
    return worst;
  };
}

/** The error of a sum, divided by `over`, as a share of its bound. */
function shareOfSum(value: number, line: readonly number[], over: number): number {
  const most = line.reduce((held, x) => Math.max(held, Math.abs(x)), 0);
  const truth = line.reduce((held, x) => held + x, 0) / over;
  const steps = line.length * 2 ** (Math.floor(Math.log2(most)) + 1 - 31);
  // A mean is rounded twice.
  const rounding = (over === 1 ? 0.5 : 1) * ulpOf(truth);
  return Math.abs(value - truth) / (steps / over + rounding);
}

const embeddingGradient: ErrorMeasure = (random, count) => {
  const [rows, width] = [7, 3];
  const positions = Math.max(2, Math.floor(count / width));
  const tokens = tensor([positions], random, (source) => source.below(rows));
  const dy = tensor([positions, width], random, wide);
  const around = { attributes: [rows] };
  const { values } = runOp("embedding-gradient", [tokens, dy], around);
  let worst = 0;
  for (const [at, value] of values.entries()) {
    const line = [...tokens.values.keys()]
      .filter((position) => tokens.values[position] === Math.floor(at / width))
      .map((position) => dy.values[position * width + (at % width)]);
    if (line.length > 0) worst = Math.max(worst, shareOfSum(value, line, 1));
  }
  return worst;
};

const bias: ErrorMeasure = (random, count) => {
  const [x, b] = [tensor([count, 3], random, wide), tensor([3], random, wide)];
  const { values } = runOp("bias", [x, b]);
  return values.reduce((worst, value, at) => {
    const truth = x.values[at] + b.values[at % 3];
    return Math.max(worst, Math.abs(value - truth) / ulpOf(truth));
  }, 0);
};

const load: ErrorMeasure = () => {
  const batch = Uint8Array.from({ length: 257 }, (_, at) => at);
  const { values } = runOp("load", [], { attributes: [0], declared: [1, 257], batch });
  return values.subarray(0, 256).reduce((worst, value, at) => {
    return Math.max(worst, Math.abs(value - at / 255) / ulpOf(at / 255));
  }, 0);
};

/** Ops whose value is one of their operands' elements, or a small integer, or a given number. */
export const EXACT_OPS: ReadonlySet<string> = new Set([
  "slice",
  "reshape",
  "transpose",
  "one-hot",
  "constant",
  "schedule",
  "relu",
  "relu-gradient",
  "max-pool",
  "max-pool-gradient",
  "max",
  "embedding",
  "causal-mask",
  "range",
  "pad",
  "dropout-mask",
]);

/** How each op that rounds is measured. */
export const ERRORS: Readonly<Record<string, ErrorMeasure>> = {
  load,
  add: elementwise("add", [wide, wide], (a, b) => a + b),
  sub: elementwise("sub", [wide, wide], (a, b) => a - b),
  mul: elementwise("mul", [wide, wide], (a, b) => a * b),
  div: elementwise("div", [wide, wide], (a, b) => (b === 0 ? Math.sign(a) * 2 ** 60 : a / b)),
  sqrt: elementwise("sqrt", [(random) => Math.abs(wide(random))], Math.sqrt),
  bias,
  exp: elementwise("exp", [(random) => canon(unit(random) * 54 - 12.5)], Math.exp),
  log: elementwise("log", [(random) => Math.abs(wide(random)) || 1], Math.log),
  sigmoid: elementwise("sigmoid", [spread(66)], (x) => 1 / (1 + Math.exp(-x))),
  tanh: elementwise("tanh", [spread(12)], Math.tanh),
  erf: elementwise("erf", [spread(4.5)], errorFunction),
  gelu: elementwise(
    "gelu",
    [spread(9)],
    (x) => x * normalShare(x),
    (y, x) => Math.max(ulpOf(y), Math.abs(x) * 2 ** -24),
  ),
  "gelu-gradient": elementwise(
    "gelu-gradient",
    [spread(9), () => 1],
    (x) => normalShare(x) + x * density(x),
    one,
  ),
  sin: elementwise("sin", [spread(8_192)], Math.sin, one),
  cos: elementwise("cos", [spread(8_192)], Math.cos, one),
  sum: alongAxis("sum"),
  mean: alongAxis("mean"),
  "embedding-gradient": embeddingGradient,
  ...PRODUCT_ERRORS,
};

/** The largest error of an op over some seeds. */
export function measuredError(op: string, seeds: number, count: number): number {
  let worst = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    worst = Math.max(worst, ERRORS[op](checkRandom(seed), count));
  }
  return worst;
}
