/**
 * Measures the error of exact products against doubles. The unit is the number of terms times the
 * largest magnitudes of the two groups that share an exponent, balanced where the op balances:
 * each quantised value is off by less than its group's largest over the profile's bound.
 */
import type { CheckRandom } from "../../src-main/adapters/native-engine/check-random.ts";
import { balanceShifts } from "../../src-main/engine/exact/quantise.ts";
import type { Grouping } from "../../src-main/engine/exact/quantise.ts";
import type { Shape } from "../../src-main/engine/program/program.ts";
import { canon } from "../../src-main/engine/canon.ts";
import { runOp } from "../generators/run-op.ts";

/** One operand: its shape, and the group of each element. */
interface Side {
  readonly shape: Shape;
  readonly groupOf: (index: number) => number;
  /** Where the op balances: the operand by its place along the balanced axis. */
  readonly balance?: Grouping;
}

/** A product op on given shapes. */
interface ProductCase {
  readonly op: string;
  readonly attributes: readonly number[];
  readonly declared: Shape;
  readonly left: Side;
  readonly right: Side;
  /** Pairs of indices whose products add up to an element of the value. */
  readonly terms: (index: number) => readonly (readonly [number, number])[];
}

const countOf = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);

/** Numbers of one sign or both, with an outlier now and then. */
function draw(random: CheckRandom): number {
  const value = random.below(2_000_001) / 1_000_000 - 1;
  return canon(random.below(50) === 0 ? value * 16 : value);
}

/** Largest magnitude of each group after shifts by powers of two. */
function largest({ groupOf }: Side, values: Float64Array): Map<number, number> {
  const found = new Map<number, number>();
  for (const [at, value] of values.entries()) {
    const group = groupOf(at);
    found.set(group, Math.max(found.get(group) ?? 0, Math.abs(value)));
  }
  return found;
}

function shiftedBy({ outer, groups, inner }: Grouping, values: Float32Array, powers: number[]) {
  const result = Float64Array.from(values);
  for (let at = 0; at < outer * groups * inner; at += 1) {
    result[at] *= 2 ** powers[Math.floor(at / inner) % groups];
  }
  return result;
}

/** Both operands as they are quantised: balanced where the op does so. */
function operands({ left, right }: ProductCase, a: Float32Array, b: Float32Array) {
  if (left.balance === undefined || right.balance === undefined) {
    return [Float64Array.from(a), Float64Array.from(b)];
  }
  const shifts = [...balanceShifts(a, left.balance, b, right.balance, 8127)];
  const down = shifts.map((shift) => -shift);
  return [shiftedBy(left.balance, a, down), shiftedBy(right.balance, b, shifts)];
}

/** The largest error of one run, in the unit above. */
function errorOf(one: ProductCase, random: CheckRandom): number {
  const { op, attributes, declared, left, right, terms } = one;
  const [a, b] = [left, right].map(({ shape }) => {
    return { shape, values: Float32Array.from({ length: countOf(shape) }, () => draw(random)) };
  });
  const { values } = runOp(op, [a, b], { attributes, declared });
  const [x, y] = operands(one, a.values, b.values);
  const [xMost, yMost] = [largest(left, x), largest(right, y)];
  let worst = 0;
  for (const [index, value] of values.entries()) {
    const pairs = terms(index);
    if (pairs.length === 0) continue;
    const truth = pairs.reduce((sum, [i, j]) => sum + x[i] * y[j], 0);
    const most =
      (xMost.get(left.groupOf(pairs[0][0])) ?? 0) * (yMost.get(right.groupOf(pairs[0][1])) ?? 0);
    worst = Math.max(worst, Math.abs(value - truth) / (pairs.length * most));
  }
  return worst;
}

function matmulCase(random: CheckRandom, profile: number): ProductCase {
  const [m, k, n] = [3, random.between(1, 40), 4];
  const balance = profile === 1;
  const columns = { outer: m, groups: k, inner: 1 };
  const rows = { outer: 1, groups: k, inner: n };
  return {
    op: "matmul",
    attributes: [profile],
    declared: [],
    left: {
      shape: [m, k],
      groupOf: (at) => Math.floor(at / k),
      ...(balance && { balance: columns }),
    },
    right: { shape: [k, n], groupOf: (at) => at % n, ...(balance && { balance: rows }) },
    terms: (at) =>
      Array.from({ length: k }, (_, i) => [Math.floor(at / n) * k + i, i * n + (at % n)] as const),
  };
}

function batchCase(random: CheckRandom, profile: number): ProductCase {
  const [e, m, k, n] = [2, 3, random.between(1, 30), 4];
  const plain = matmulCase(random, 0);
  const rowOf = (at: number) => Math.floor(at / k);
  return {
    ...plain,
    op: "batch-matmul",
    // B is stored with its last axes swapped: [e, n, k].
    attributes: [profile, 0, 1],
    left: { shape: [e, m, k], groupOf: rowOf },
    right: { shape: [e, n, k], groupOf: rowOf },
    terms: (at) => {
      const [element, row, column] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
      const [a, b] = [(element * m + row) * k, (element * n + column) * k];
      return Array.from({ length: k }, (_, i) => [a + i, b + i] as const);
    },
  };
}

/** A convolution's sizes: 5 × 6 pixels, windows of 3 × 2, stride 2, one pixel around. */
const CONV = { n: 2, h: 5, w: 6, c: 3, kh: 3, kw: 2, o: 4, oh: 3, ow: 4, stride: 2, pad: 1 };

/** All taps: indices into image, filter and output. */
function taps(): readonly (readonly [number, number, number])[] {
  const { n, h, w, c, kh, kw, o, oh, ow, stride, pad } = CONV;
  const found: [number, number, number][] = [];
  for (let y = 0; y < n * oh * ow * o; y += 1) {
    const [image, channel] = [Math.floor(y / (oh * ow * o)), y % o];
    const [top, side] = [Math.floor(y / (ow * o)) % oh, Math.floor(y / o) % ow];
    for (let f = 0; f < kh * kw * c; f += 1) {
      const row = top * stride + Math.floor(f / (kw * c)) - pad;
      const column = side * stride + (Math.floor(f / c) % kw) - pad;
      if (row < 0 || column < 0 || row >= h || column >= w) continue;
      found.push([((image * h + row) * w + column) * c + (f % c), f * o + channel, y]);
    }
  }
  return found;
}

function convCase(op: string, profile: number): ProductCase {
  const { n, h, w, c, kh, kw, o, oh, ow, stride, pad } = CONV;
  const [xCount, yCount] = [h * w * c, oh * ow * o];
  const x: Side = { shape: [n, h, w, c], groupOf: (at) => Math.floor(at / xCount) };
  const filter: Shape = [kh, kw, c, o];
  const dy: Side = { shape: [n, oh, ow, o], groupOf: (at) => Math.floor(at / yCount) };
  const all = taps();
  const grouped = (place: 0 | 1 | 2, left: 0 | 1 | 2, right: 0 | 1 | 2) => (index: number) =>
    all.filter((tap) => tap[place] === index).map((tap) => [tap[left], tap[right]] as const);
  const head = { op, attributes: [profile, stride, pad] };
  if (op === "conv2d") {
    const right = { shape: filter, groupOf: (at: number) => at % o };
    return { ...head, declared: [], left: x, right, terms: grouped(2, 0, 1) };
  }
  if (op === "conv2d-gradient-input") {
    const right = { shape: filter, groupOf: (at: number) => Math.floor(at / o) % c };
    return { ...head, declared: x.shape, left: dy, right, terms: grouped(0, 2, 1) };
  }
  const images = (inner: number): Grouping => ({ outer: 1, groups: n, inner });
  const left = { shape: x.shape, groupOf: (at: number) => at % c, balance: images(xCount) };
  const right = { shape: dy.shape, groupOf: (at: number) => at % o, balance: images(yCount) };
  return { ...head, declared: filter, left, right, terms: grouped(1, 0, 2) };
}

/** Runs of one case for about `count` values. */
const RUNS = 8;

function repeated(make: (random: CheckRandom) => ProductCase) {
  return (random: CheckRandom): number => {
    let worst = 0;
    for (let run = 0; run < RUNS; run += 1) worst = Math.max(worst, errorOf(make(random), random));
    return worst;
  };
}

/** Errors of products, with the profile after the op's name where it has several. */
export const PRODUCT_ERRORS = {
  "matmul I14": repeated((random) => matmulCase(random, 0)),
  "matmul I14K": repeated((random) => matmulCase(random, 1)),
  "matmul I8": repeated((random) => matmulCase(random, 2)),
  "batch-matmul I14": repeated((random) => batchCase(random, 0)),
  "batch-matmul I8": repeated((random) => batchCase(random, 2)),
  "conv2d I14": repeated(() => convCase("conv2d", 0)),
  "conv2d I8": repeated(() => convCase("conv2d", 2)),
  "conv2d-gradient-input I14": repeated(() => convCase("conv2d-gradient-input", 0)),
  "conv2d-gradient-input I8": repeated(() => convCase("conv2d-gradient-input", 2)),
  "conv2d-gradient-filter I14": repeated(() => convCase("conv2d-gradient-filter", 0)),
  "conv2d-gradient-filter I8": repeated(() => convCase("conv2d-gradient-filter", 2)),
} as const;
