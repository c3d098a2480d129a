/** Decides `embedding`: each token becomes its row of a table. */
import { accept } from "../../contract/outcome.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";
import { tokenRow } from "./token-row.ts";

/**
 * table [V, D] and tokens [...] (numbers) to [..., D]; a token that is no integer in 0..V−1 gives
 * zeros, as `one-hot` does. Values are copied, so there is no error.
 */
export const embedding: Op = {
  name: "embedding",
  inputCount: 2,
  outputShape: ([table, tokens], attributes) => {
    if (attributes.length !== 0) return refuseAttribute("embedding", "takes no attributes");
    if (table.length !== 2) return refuseShape("embedding", "the table is [V, D]");
    return accept([...tokens, table[1]]);
  },
  evaluate: ({ inputs: [table, tokens], inputShapes: [[rows, width]] }) => {
    const result = new Float32Array(tokens.length * width);
    for (let at = 0; at < tokens.length; at += 1) {
      const row = tokenRow(tokens[at], rows);
      if (row < 0) continue;
      result.set(table.subarray(row * width, (row + 1) * width), at * width);
    }
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
  // Tokens are data: only the table has a gradient.
  gradient: ({ graph, inputs: [table, tokens], outputGradient, needed }) => [
    needed[0]
      ? graph.op("embedding-gradient", [tokens, outputGradient], [table.shape[0]])
      : undefined,
    undefined,
  ],
};
