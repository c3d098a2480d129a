/** Decides the cases of ops for sequences: batched products, tables of tokens, masks, waves. */
import { canon, floatOfBits } from "../../engine/index.ts";
import { anyShape, side } from "./case-shapes.ts";
import type { Maker } from "./case-shapes.ts";
import { attributeOf } from "./check-random.ts";
import type { CheckRandom } from "./check-random.ts";

/** Any shape, on hostile numbers or on those where the function bends. */
const curve: Maker = (random, elements) => {
  const shape = anyShape(random, elements);
  const reach = random.pick([1, 4, 16, 80, 9_000]);
  const fill = (source: CheckRandom, count: number): Float32Array =>
    Float32Array.from({ length: count }, () => {
      return canon(Math.fround((source.below(2_000_001) / 1_000_000 - 1) * reach));
    });
  return { inputs: [shape], attributes: [], shape, fill };
};

const batchMatmul: Maker = (random, elements) => {
  const leading = random.pick([[1], [2], [3], [2, 2], [1, 5]]);
  const most = Math.floor(elements / leading.reduce((product, dim) => product * dim, 1));
  const k = random.below(5) === 0 ? random.between(1, most) : side(random, most);
  const m = side(random, Math.floor(most / k));
  const n = side(random, Math.floor(most / Math.max(k, m)));
  const [aFlag, bFlag] = [random.below(2), random.below(2)];
  return {
    inputs: [
      [...leading, ...(aFlag === 1 ? [k, m] : [m, k])],
      [...leading, ...(bFlag === 1 ? [n, k] : [k, n])],
    ],
    attributes: [random.below(3), aFlag, bFlag],
    shape: [...leading, m, n],
  };
};

/** Table rows, width and the shape of the tokens, so that all tensors fit into `elements`. */
function table(random: CheckRandom, elements: number) {
  const width = side(random, Math.min(70, elements));
  const rows = random.between(1, Math.max(1, Math.floor(elements / width)));
  const tokens = anyShape(random, Math.floor(elements / width), 3);
  return { width, rows, tokens };
}

/** Tokens of a table, now and then none; operand `at` only, the others are hostile. */
function tokensAt(at: number, rows: number) {
  return (random: CheckRandom, count: number, operand: number): Float32Array => {
    if (operand !== at || random.below(6) === 0) return random.tensor(count);
    const most = random.pick([rows, Math.min(rows, 3)]);
    return Float32Array.from({ length: count }, () => random.between(-1, most));
  };
}

/** Makers of the ops for sequences, by name. */
export const sequenceMakers: Readonly<Record<string, Maker>> = {
  "batch-matmul": batchMatmul,
  embedding: (random, elements) => {
    const { width, rows, tokens } = table(random, elements);
    const inputs = [[rows, width], tokens];
    return { inputs, attributes: [], shape: [...tokens, width], fill: tokensAt(1, rows) };
  },
  "embedding-gradient": (random, elements) => {
    const { width, rows, tokens } = table(random, elements);
    const inputs = [tokens, [...tokens, width]];
    return { inputs, attributes: [rows], shape: [rows, width], fill: tokensAt(0, rows) };
  },
  sigmoid: curve,
  tanh: curve,
  erf: curve,
  gelu: curve,
  "gelu-gradient": (random, elements) => {
    const call = curve(random, elements);
    return { ...call, inputs: [call.shape, call.shape] };
  },
  sin: curve,
  cos: curve,
  "causal-mask": (random, elements) => {
    const shape = [random.between(1, 3), ...anyShape(random, Math.floor(elements / 3), 3)];
    const bits = random.pick([0, attributeOf(floatOfBits(0xdd800000))]);
    return { inputs: [shape], attributes: [random.between(-3, 9), bits], shape };
  },
  range: (random, elements) => {
    const shape = anyShape(random, elements);
    return { inputs: [], attributes: [random.below(shape.length)], shape };
  },
  pad: (random, elements) => {
    const x = anyShape(random, Math.floor(elements / 3));
    const axis = random.below(x.length);
    const [before, after] = [random.between(0, x[axis]), random.between(0, x[axis])];
    const shape = x.map((dim, at) => (at === axis ? before + dim + after : dim));
    return { inputs: [x], attributes: [axis, before, after], shape };
  },
  "dropout-mask": (random, elements) => {
    const threshold = random.pick([0, 0x19999999, -0x80000000, -1, random.below(0x7fffffff)]);
    const attributes = [threshold, attributeOf(random.tensor(1)[0]), random.between(-2, 5)];
    return { inputs: [[2]], attributes, shape: anyShape(random, elements) };
  },
};
