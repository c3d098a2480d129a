/**
 * Evaluates a program in plain doubles, written from the op table and sharing no code with the
 * engine: what finite differences need, since 14-bit products are too coarse for them.
 */
import type { OpRecord, Program, Shape, ValueRef } from "../../src-main/engine/program/program.ts";

type Values = Float64Array;

interface Call {
  readonly record: OpRecord;
  readonly inputs: readonly Values[];
  readonly shapes: readonly Shape[];
  readonly batch: Uint8Array;
}

const countOf = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);

function floatOf(bits: number): number {
  return new Float32Array(Int32Array.of(bits).buffer)[0];
}

/** Position in each axis of a row-major index. */
function positionOf(index: number, shape: Shape): number[] {
  const position: number[] = [];
  let rest = index;
  for (const dim of [...shape].reverse()) {
    position.unshift(rest % dim);
    rest = Math.floor(rest / dim);
  }
  return position;
}

function indexOf(position: readonly number[], shape: Shape): number {
  return shape.reduce((index, dim, axis) => index * dim + (dim === 1 ? 0 : position[axis]), 0);
}

function fill(shape: Shape, valueAt: (position: number[], index: number) => number): Values {
  return Float64Array.from({ length: countOf(shape) }, (_, index) =>
    valueAt(positionOf(index, shape), index),
  );
}

function binary(apply: (a: number, b: number) => number) {
  return ({ record, inputs: [a, b], shapes }: Call): Values =>
    fill(record.shape, (at) => apply(a[indexOf(at, shapes[0])], b[indexOf(at, shapes[1])]));
}

function unary(apply: (x: number) => number) {
  return ({ inputs: [x] }: Call): Values => x.map(apply);
}

function reduce(apply: (line: number[]) => number) {
  return ({ record, inputs: [x], shapes: [shape] }: Call): Values =>
    fill(record.shape, (at) => {
      const [axis] = record.attributes;
      const line = Array.from({ length: shape[axis] }, (_, i) => {
        return x[indexOf(at.with(axis, i), shape)];
      });
      return apply(line);
    });
}

function convolve({ record, inputs: [x, w], shapes: [xShape, wShape] }: Call): Values {
  const [, stride, pad] = record.attributes;
  const [kh, kw, channels] = wShape;
  return fill(record.shape, ([n, oh, ow, o]) => {
    let sum = 0;
    for (let i = 0; i < kh; i += 1) {
      for (let j = 0; j < kw; j += 1) {
        const [row, column] = [oh * stride + i - pad, ow * stride + j - pad];
        if (row < 0 || column < 0 || row >= xShape[1] || column >= xShape[2]) continue;
        for (let c = 0; c < channels; c += 1) {
          const left = x[((n * xShape[1] + row) * xShape[2] + column) * channels + c];
          sum += left * w[((i * kw + j) * channels + c) * wShape[3] + o];
        }
      }
    }
    return sum;
  });
}

function pool({ record, inputs: [x], shapes: [shape] }: Call): Values {
  const [size, stride] = record.attributes;
  return fill(record.shape, ([n, oh, ow, c]) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < size; j += 1) {
        const [row, column] = [oh * stride + i, ow * stride + j];
        best = Math.max(best, x[((n * shape[1] + row) * shape[2] + column) * shape[3] + c]);
      }
    }
    return best;
  });
}

const total = (line: readonly number[]): number => line.reduce((held, value) => held + value, 0);

const FORWARD: Readonly<Record<string, (call: Call) => Values>> = {
  load: ({ record, batch }) =>
    fill(record.shape, ([, column], at) =>
      column === record.shape[1] - 1 ? batch[at] : batch[at] / 255,
    ),
  slice: ({ record, inputs: [x], shapes: [shape] }) =>
    fill(record.shape, (at) => {
      const [axis, first] = record.attributes;
      return x[
        positionOf(0, shape).reduce((index, _, a) => {
          return index * shape[a] + at[a] + (a === axis ? first : 0);
        }, 0)
      ];
    }),
  reshape: ({ inputs: [x] }) => x,
  transpose: ({ record, inputs: [x], shapes: [shape] }) =>
    fill(record.shape, (at) => {
      return x[
        indexOf(
          shape.map((_, axis) => at[record.attributes.indexOf(axis)]),
          shape,
        )
      ];
    }),
  "one-hot": ({ record, inputs: [labels] }) =>
    fill(record.shape, ([row, column]) => (labels[row] === column ? 1 : 0)),
  constant: ({ record }) => fill(record.shape, () => floatOf(record.attributes[0])),
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  div: binary((a, b) => a / b),
  sqrt: unary(Math.sqrt),
  exp: unary(Math.exp),
  log: unary(Math.log),
  relu: unary((x) => Math.max(x, 0)),
  bias: ({ inputs: [x, b] }) => x.map((value, at) => value + b[at % b.length]),
  matmul: ({ record, inputs: [a, b], shapes: [[, depth]] }) =>
    fill(record.shape, ([i, j]) => {
      let sum = 0;
      for (let k = 0; k < depth; k += 1) sum += a[i * depth + k] * b[k * record.shape[1] + j];
      return sum;
    }),
  conv2d: convolve,
  "max-pool": pool,
  sum: reduce(total),
  mean: reduce((line) => total(line) / line.length),
  max: reduce((line) => Math.max(...line)),
};

/** 1 − erf's tail by its series, or its continued fraction where that is the shorter way. */
function errorFunction(x: number): number {
  const size = Math.abs(x);
  let sum = 0;
  if (size < 3) {
    for (let n = 0, term = size; n < 60; n += 1) {
      sum += term / (2 * n + 1);
      term *= -(size * size) / (n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  for (let n = 60; n >= 1; n -= 1) sum = n / 2 / (size + sum);
  return Math.sign(x) * (1 - Math.exp(-size * size) / ((size + sum) * Math.sqrt(Math.PI)));
}

function multiplyBatches({ record, inputs: [a, b], shapes: [aShape, bShape] }: Call): Values {
  const [, aFlag, bFlag] = record.attributes;
  const depth = aShape.at(aFlag === 1 ? -2 : -1) ?? 0;
  return fill(record.shape, (at) => {
    const [lead, i, j] = [at.slice(0, -2), at[at.length - 2], at[at.length - 1]];
    let sum = 0;
    for (let k = 0; k < depth; k += 1) {
      const left = a[indexOf([...lead, ...(aFlag === 1 ? [k, i] : [i, k])], aShape)];
      sum += left * b[indexOf([...lead, ...(bFlag === 1 ? [j, k] : [k, j])], bShape)];
    }
    return sum;
  });
}

const SEQUENCE: Readonly<Record<string, (call: Call) => Values>> = {
  "batch-matmul": multiplyBatches,
  embedding: ({ record, inputs: [table, tokens], shapes: [[rows, width]] }) =>
    fill(record.shape, (_, index) => {
      const token = tokens[Math.floor(index / width)];
      const isRow = Number.isInteger(token) && token >= 0 && token < rows;
      return isRow ? table[token * width + (index % width)] : 0;
    }),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  tanh: unary(Math.tanh),
  erf: unary(errorFunction),
  gelu: unary((x) => (x * (1 + errorFunction(x * Math.SQRT1_2))) / 2),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  "causal-mask": ({ record, inputs: [x] }) =>
    fill(record.shape, (at, index) => {
      const [row, column] = at.slice(-2);
      const [offset, bits] = record.attributes;
      return column <= row + offset ? x[index] : floatOf(bits);
    }),
  range: ({ record }) => fill(record.shape, (at) => at[record.attributes[0]]),
  pad: ({ record, inputs: [x], shapes: [shape] }) =>
    fill(record.shape, (at) => {
      const [axis, before] = record.attributes;
      const place = at[axis] - before;
      return place >= 0 && place < shape[axis] ? x[indexOf(at.with(axis, place), shape)] : 0;
    }),
};

/** Values of all forward ops; the others, which only gradients use, stay empty. */
export function evaluateInDoubles(
  program: Program,
  states: readonly Values[],
  batch: Uint8Array,
): readonly Values[] {
  const values: Values[] = [];
  const read = (ref: ValueRef) => (ref.from === "state" ? states[ref.index] : values[ref.index]);
  const shapeOf = (ref: ValueRef) =>
    ref.from === "state" ? program.states[ref.index].shape : program.ops[ref.index].shape;
  for (const record of program.ops) {
    const forward = FORWARD[record.op] ?? SEQUENCE[record.op];
    const inputs = record.inputs.map(read);
    const known = forward !== undefined && inputs.every(({ length }) => length > 0);
    const call = { record, inputs, shapes: record.inputs.map(shapeOf), batch };
    values.push(known ? forward(call) : new Float64Array(0));
  }
  return values;
}
