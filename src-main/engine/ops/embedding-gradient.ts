/**
 * Decides `embedding-gradient`: for each row and column of the table the exact sum over the
 * positions that hold that token (NUMERICS.md, "Embedding"), never a float scatter.
 */
import { accept, reject } from "../../contract/outcome.ts";
import { sumExact } from "../exact/sum-exact.ts";
import { SUM_AXIS_MAX } from "../limits.ts";
import { elementCount, refuseAttribute, refuseShape, sameShape } from "./op.ts";
import type { Op } from "./op.ts";
import { tokenRow } from "./token-row.ts";

/** Positions of each row's token, in ascending order. */
function positionsByRow(tokens: Float32Array, rows: number): ReadonlyMap<number, number[]> {
  const found = new Map<number, number[]>();
  for (let at = 0; at < tokens.length; at += 1) {
    const row = tokenRow(tokens[at], rows);
    if (row < 0) continue;
    const held = found.get(row);
    if (held === undefined) found.set(row, [at]);
    else held.push(at);
  }
  return found;
}

/** One column of the sum: the gradients at those positions, gathered. */
function sumOf(dy: Float32Array, positions: readonly number[], width: number, column: number) {
  const gathered = Float32Array.from(positions, (at) => dy[at * width + column]);
  return sumExact(gathered, 0, gathered.length, 1);
}

/**
 * tokens [...] and dy [..., D] to [V, D]; attribute rows V. A row whose token occurs nowhere is
 * zeros.
 * @bound  positions ≤ 2^23, as of `sum`; error of an element as of `sum`
 */
export const embeddingGradient: Op = {
  name: "embedding-gradient",
  inputCount: 2,
  outputShape: ([tokens, dy], attributes) => {
    if (attributes.length !== 1 || attributes[0] < 1) {
      return refuseAttribute("embedding-gradient", "one attribute, the rows of the table");
    }
    if (dy.length !== tokens.length + 1 || !sameShape(dy.slice(0, -1), tokens)) {
      return refuseShape("embedding-gradient", "tokens [...] and dy [..., D]");
    }
    const positions = elementCount(tokens);
    if (positions > SUM_AXIS_MAX) {
      return reject("ENGINE_LIMIT", { what: "positions", value: positions, max: SUM_AXIS_MAX });
    }
    return accept([attributes[0], dy[dy.length - 1]]);
  },
  evaluate: ({ inputs: [tokens, dy], shape: [rows, width] }) => {
    const result = new Float32Array(rows * width);
    for (const [row, positions] of positionsByRow(tokens, rows)) {
      for (let column = 0; column < width; column += 1) {
        result[row * width + column] = sumOf(dy, positions, width, column);
      }
    }
    return result;
  },
  evaluateElement: ({ inputs: [tokens, dy], shape: [rows, width] }, index) => {
    const row = Math.floor(index / width);
    const positions = positionsByRow(tokens, rows).get(row) ?? [];
    return sumOf(dy, positions, width, index - row * width);
  },
  cost: ([, dy]) => elementCount(dy),
};
