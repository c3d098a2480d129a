/**
 * Decides how one op is put to the test alone: a program of `load` and that op, whose operands are
 * state tensors filled with hostile numbers. Shapes are random within `elements`.
 */
import { ENCODING, batchBytes, elementCount, encodeProgram, opNames } from "../../engine/index.ts";
import type { OpRecord, Program } from "../../engine/index.ts";
import { anyShape, side } from "./case-shapes.ts";
import type { Call, Maker } from "./case-shapes.ts";
import { attributeOf, checkRandom } from "./check-random.ts";
import type { CheckRandom } from "./check-random.ts";
import { sequenceMakers } from "./sequence-cases.ts";

/** One comparison: run the program once, then compare the value of its last op. */
export interface CheckCase {
  readonly op: string;
  readonly seed: number;
  readonly program: Program;
  readonly programBytes: Uint8Array;
  readonly states: readonly Float32Array[];
  readonly step: number;
  readonly batch: Uint8Array;
}

const same: Maker = (random, elements) => {
  const shape = anyShape(random, elements);
  return { inputs: [shape], attributes: [], shape };
};

const binary: Maker = (random, elements) => {
  const shape = anyShape(random, elements);
  const mode = random.below(4);
  const drop = (side: number): number[] =>
    shape.map((dim) => (mode === side || (mode === 2 && random.below(3) === 0) ? 1 : dim));
  const a = drop(0);
  const b = drop(1);
  return { inputs: [a, b], attributes: [], shape: shape.map((_, i) => Math.max(a[i], b[i])) };
};

const reduction: Maker = (random, elements) => {
  const x = anyShape(random, elements);
  const axis = random.below(x.length);
  return { inputs: [x], attributes: [axis], shape: x.map((dim, i) => (i === axis ? 1 : dim)) };
};

const matmul: Maker = (random, elements) => {
  const k = random.below(4) === 0 ? random.between(1, elements) : side(random, elements);
  const m = side(random, Math.floor(elements / k));
  const n = side(random, Math.floor(elements / Math.max(k, m)));
  return {
    inputs: [
      [m, k],
      [k, n],
    ],
    attributes: [random.below(3)],
    shape: [m, n],
  };
};

/** Image, filter, output and attributes of a convolution that fits into `elements`. */
function convolution(random: CheckRandom, elements: number) {
  const kernel = random.pick([1, 2, 3, 3, 3, 5]);
  const other = random.below(5) === 0 ? random.between(1, 4) : kernel;
  const stride = random.pick([1, 1, 1, 2, 2, 3]);
  const pad = random.between(0, kernel);
  const channels = side(random, Math.min(33, Math.floor(elements / (kernel * other * 4))));
  const filters = side(random, Math.min(65, Math.floor(elements / (kernel * other * channels))));
  const images = random.between(1, 4);
  const most = Math.floor(Math.sqrt(elements / (images * Math.max(channels, filters))));
  const height = Math.max(kernel, random.between(1, Math.max(1, most - 2 * pad)));
  const width = Math.max(other, random.between(1, Math.max(1, most - 2 * pad)));
  const out = (size: number, taps: number): number =>
    Math.floor((size + 2 * pad - taps) / stride) + 1;
  return {
    x: [images, height, width, channels],
    w: [kernel, other, channels, filters],
    y: [images, out(height, kernel), out(width, other), filters],
    attributes: [random.pick([0, 0, 2]), stride, pad],
  };
}

function pool(random: CheckRandom, elements: number) {
  const size = random.between(1, 3);
  const stride = size + random.pick([0, 0, 1, 2]);
  const channels = side(random, 40);
  const images = random.between(1, 3);
  const most = Math.max(size, Math.floor(Math.sqrt(elements / (images * channels))));
  const height = random.between(size, most);
  const width = random.between(size, most);
  const out = (length: number): number => Math.floor((length - size) / stride) + 1;
  return {
    x: [images, height, width, channels],
    y: [images, out(height), out(width), channels],
    attributes: [size, stride],
  };
}

/** Few different values, so that windows hold their maximum more than once. */
const repeated = (random: CheckRandom, count: number): Float32Array => {
  const values = random.tensor(4);
  return Float32Array.from({ length: count }, () => values[random.below(4)]);
};

/** Between these `log` takes no exponent off: its polynomial alone makes the result. */
const LOG_LOWEST = Math.SQRT1_2;
const LOG_HIGHEST = Math.SQRT2;

/** Values drawn between the two: fractions of 2^20 parts. */
const LOG_PARTS = 2 ** 20;

/**
 * Hostile numbers, and at every other place one near 1: elsewhere the exponent's share hides a
 * wrong last bit of a coefficient, and so near 1 that f² is small it is rounded away.
 */
const nearOne = (random: CheckRandom, count: number): Float32Array => {
  const values = random.tensor(count);
  for (let i = 0; i < count; i += 2) {
    const part = random.below(LOG_PARTS) / LOG_PARTS;
    values[i] = LOG_LOWEST + part * (LOG_HIGHEST - LOG_LOWEST);
  }
  return values;
};

const makers: Readonly<Record<string, Maker>> = {
  load: (random, elements) => {
    const width = random.between(2, 30);
    return {
      inputs: [],
      attributes: [random.below(4)],
      shape: [side(random, Math.floor(elements / width)), width],
    };
  },
  slice: (random, elements) => {
    const x = anyShape(random, elements);
    const axis = random.below(x.length);
    const first = random.below(x[axis]);
    const count = random.between(1, x[axis] - first);
    const shape = x.map((dim, i) => (i === axis ? count : dim));
    return { inputs: [x], attributes: [axis, first, count], shape };
  },
  reshape: (random, elements) => {
    const x = anyShape(random, elements);
    return { inputs: [x], attributes: [], shape: [1, elementCount(x)] };
  },
  transpose: (random, elements) => {
    const x = anyShape(random, elements);
    const attributes = x.map((_, i) => i);
    for (let i = attributes.length - 1; i > 0; i -= 1) {
      const j = random.below(i + 1);
      [attributes[i], attributes[j]] = [attributes[j], attributes[i]];
    }
    return { inputs: [x], attributes, shape: attributes.map((axis) => x[axis]) };
  },
  "one-hot": (random, elements) => {
    const classes = random.between(1, 20);
    const rows = side(random, Math.floor(elements / classes));
    const fill = (source: CheckRandom, count: number): Float32Array =>
      source.below(3) === 0
        ? source.tensor(count)
        : Float32Array.from({ length: count }, () => source.between(-1, classes));
    return { inputs: [[rows, 1]], attributes: [classes], shape: [rows, classes], fill };
  },
  constant: (random, elements) => {
    const bits = attributeOf(random.tensor(1)[0]);
    return { inputs: [], attributes: [bits], shape: anyShape(random, elements) };
  },
  schedule: (random) => {
    const count = random.between(1, 9);
    const attributes = [count];
    for (let i = 0, step = 1; i < count; i += 1, step += random.between(1, 3)) {
      attributes.push(step, attributeOf(random.tensor(1)[0]));
    }
    return { inputs: [], attributes, shape: [1] };
  },
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  sqrt: same,
  exp: same,
  log: (random, elements) => ({ ...same(random, elements), fill: nearOne }),
  relu: same,
  "relu-gradient": (random, elements) => {
    const shape = anyShape(random, elements);
    return { inputs: [shape, shape], attributes: [], shape };
  },
  bias: (random, elements) => {
    const shape = anyShape(random, elements);
    return { inputs: [shape, [shape[shape.length - 1]]], attributes: [], shape };
  },
  matmul,
  conv2d: (random, elements) => {
    const { x, w, y, attributes } = convolution(random, elements);
    return { inputs: [x, w], attributes, shape: y };
  },
  "conv2d-gradient-input": (random, elements) => {
    const { x, w, y, attributes } = convolution(random, elements);
    return { inputs: [y, w], attributes, shape: x };
  },
  "conv2d-gradient-filter": (random, elements) => {
    const { x, w, y, attributes } = convolution(random, elements);
    return { inputs: [x, y], attributes, shape: w };
  },
  "max-pool": (random, elements) => {
    const { x, y, attributes } = pool(random, elements);
    return { inputs: [x], attributes, shape: y, fill: repeated };
  },
  "max-pool-gradient": (random, elements) => {
    const { x, y, attributes } = pool(random, elements);
    return { inputs: [x, y], attributes, shape: x, fill: repeated };
  },
  sum: reduction,
  max: reduction,
  mean: reduction,
  ...sequenceMakers,
};

/** Ops that hostile numbers alone would not put to the test. */
const alwaysFilled: ReadonlySet<string> = new Set([
  "one-hot",
  "embedding",
  "embedding-gradient",
  "log",
]);

/** Draws of one case until all its tensors fit; a convolution's padding can exceed the size. */
const DRAWS_MAX = 100;

function fittingCall(op: string, random: CheckRandom, elements: number): Call {
  let call = makers[op](random, elements);
  for (let draw = 1; draw < DRAWS_MAX; draw += 1) {
    const tensors = [call.shape, ...call.inputs];
    if (tensors.every((shape) => elementCount(shape) <= elements)) break;
    call = makers[op](random, elements);
  }
  return call;
}

/** A finite f32 as bits; unlike a tensor's values it may be −0, subnormal or beyond 2^60. */
function finiteBits(random: CheckRandom): number {
  const exponent = random.pick([0, 0, 1, 30, 31, 127, 186, 187, 188, 254, random.below(255)]);
  const mantissa = random.pick([0, 1, 0x7fffff, random.below(0x800000)]);
  return random.below(2) * 0x80000000 + exponent * 0x800000 + mantissa;
}

/** Samples for `load`: any bytes, and where a feature is an f32 any that is finite. */
function batchOf({ attributes: [encoding], shape }: OpRecord, random: CheckRandom): Uint8Array {
  const batch = Uint8Array.from({ length: batchBytes(encoding, shape) }, () => random.below(256));
  if (encoding !== ENCODING.floats) return batch;
  const view = new DataView(batch.buffer);
  const [samples, width] = shape;
  for (let sample = 0, at = 0; sample < samples; sample += 1, at += 1) {
    for (let i = 1; i < width; i += 1, at += 4) view.setUint32(at, finiteBits(random), true);
  }
  return batch;
}

/** Names of the ops that have cases; a test compares them with the engine's. */
export const checkedOps: readonly string[] = opNames().filter((name) => name in makers);

/**
 * The case of an op and a seed.
 * @param elements  most elements of an operand or the output
 */
export function checkCase(op: string, seed: number, elements: number): CheckCase {
  const random = checkRandom(seed);
  const { inputs, attributes, shape, fill } = fittingCall(op, random, elements);
  const useFill = fill !== undefined && (alwaysFilled.has(op) || random.below(2) === 0);
  const states = inputs.map((dims, operand) => {
    const count = elementCount(dims);
    return useFill ? fill(random, count, operand) : random.tensor(count);
  });
  const record = {
    op,
    inputs: inputs.map((_, index) => ({ from: "state", index }) as const),
    attributes,
    shape,
  };
  const load = { op: "load", inputs: [], attributes: [0], shape: [1, 2] };
  const program: Program = {
    states: inputs.map((dims, index) => {
      return { name: `operand ${index}`, shape: dims, initialiser: { kind: "zeros" } };
    }),
    ops: op === "load" ? [record] : [load, record],
    updates: [],
    outputs: [{ name: "value", value: { from: "op", index: op === "load" ? 0 : 1 } }],
  };
  const batch = batchOf(program.ops[0], random);
  const step = random.between(1, 20);
  return { op, seed, program, programBytes: encodeProgram(program), states, step, batch };
}
