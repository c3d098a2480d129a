import { describe, expect, it } from "vitest";
import { runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

describe("broadcast", () => {
  it("repeats either operand along the axes where it has 1", () => {
    const row = tensorOf([1, 3], [1, 2, 3]);
    const column = tensorOf([2, 1], [10, 20]);
    expect(runOp("add", [row, column])).toEqual(tensorOf([2, 3], [11, 12, 13, 21, 22, 23]));
    expect(runOp("sub", [column, row])).toEqual(tensorOf([2, 3], [9, 8, 7, 19, 18, 17]));
    const block = tensorOf([2, 1, 2], [1, 2, 3, 4]);
    const line = tensorOf([1, 2, 1], [10, 100]);
    expect(Array.from(runOp("mul", [block, line]).values)).toEqual([
      10, 20, 100, 200, 30, 40, 300, 400,
    ]);
  });

  it("refuses different ranks, dimensions that differ and attributes", () => {
    expect(verdictOf(shapeOf("add", [[2], [1, 2]]))).toBe("ENGINE_SHAPE");
    expect(verdictOf(shapeOf("add", [[2], [3]]))).toBe("ENGINE_SHAPE");
    expect(verdictOf(shapeOf("div", [[2], [2]], [0]))).toBe("ENGINE_ATTRIBUTE");
  });
});
