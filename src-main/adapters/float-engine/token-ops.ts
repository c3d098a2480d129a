/** Decides the ops on tokens in float arithmetic: rows of a table, their gradient, the mask. */

import type { Tensor, Tensor2D } from "@tensorflow/tfjs";

import { floatOfBits } from "../../engine/index.ts";
import type { FloatCall, FloatOp } from "./float-op.ts";

/** Tokens as row numbers, and where they are none of 0..rows−1. */
function rowsOf(tokens: Tensor, rows: number): { rows: Int32Array; isWhole: boolean } {
  const found = Int32Array.from(tokens.dataSync(), (token) =>
    Number.isInteger(token) && token >= 0 && token < rows ? token : -1,
  );
  return { rows: found, isWhole: !found.includes(-1) };
}

/** 1 for positions whose token is a row, else 0, as a column. */
function presence({ tf }: FloatCall, rows: Int32Array): Tensor2D {
  const present = Float32Array.from(rows, (row) => (row < 0 ? 0 : 1));
  return tf.tensor2d(present, [rows.length, 1]);
}

const embedding: FloatOp = (call) => {
  const { tf, inputs, shape } = call;
  const [table, tokens] = inputs;
  const { rows, isWhole } = rowsOf(tokens, table.shape[0]);
  const inside = tf.tensor1d(isWhole ? rows : rows.map((row) => Math.max(row, 0)), "int32");
  const gathered = tf.gather(table, inside);
  const values = isWhole ? gathered : tf.mul(gathered, presence(call, rows));
  return tf.reshape(values, [...shape]);
};

const embeddingGradient: FloatOp = (call) => {
  const { tf, inputs, shape } = call;
  const [tokens, dy] = inputs;
  const { rows, isWhole } = rowsOf(tokens, shape[0]);
  const flat = tf.reshape(dy, [rows.length, shape[1]]);
  const values = isWhole ? flat : tf.mul(flat, presence(call, rows));
  const places = Int32Array.from(rows, (row) => Math.max(row, 0));
  const indices = tf.tensor2d(places, [rows.length, 1], "int32");
  return tf.scatterND(indices, values, [...shape]);
};

const causalMask: FloatOp = ({ tf, inputs: [x], attributes: [offset, word], shape }) => {
  const [rows, columns] = shape.slice(-2);
  const fill = floatOfBits(word);
  const kept = new Float32Array(rows * columns);
  const added = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (column <= row + offset) kept[row * columns + column] = 1;
      else added[row * columns + column] = fill;
    }
  }
  const dims = shape.map((_, axis) => (axis < shape.length - 2 ? 1 : shape[axis]));
  return tf.add(tf.mul(x, tf.tensor(kept, dims)), tf.tensor(added, dims));
};

/** Ops on tokens, by the engine's names. */
export const TOKEN_OPS: Readonly<Record<string, FloatOp>> = {
  embedding,
  "embedding-gradient": embeddingGradient,
  "causal-mask": causalMask,
};
