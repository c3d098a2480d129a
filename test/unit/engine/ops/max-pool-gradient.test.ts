import { describe, expect, it } from "vitest";
import { runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

describe("max-pool-gradient", () => {
  it("gives a tie to the lowest index", () => {
    const x = tensorOf([1, 2, 4, 1], [7, 7, 1, 3, 7, 7, 3, 2]);
    const attributes = [2, 2];
    expect(runOp("max-pool", [x], { attributes })).toEqual(tensorOf([1, 1, 2, 1], [7, 3]));
    const dy = tensorOf([1, 1, 2, 1], [5, 6]);
    const { values } = runOp("max-pool-gradient", [x, dy], { attributes });
    expect(Array.from(values)).toEqual([5, 0, 0, 6, 0, 0, 0, 0]);
  });

  it("leaves pixels outside every window at +0", () => {
    const x = tensorOf([1, 3, 3, 1], [1, 2, 9, 3, 4, 9, 9, 9, 9]);
    const dy = tensorOf([1, 1, 1, 1], [5]);
    const { values } = runOp("max-pool-gradient", [x, dy], { attributes: [2, 2] });
    expect(Array.from(values)).toEqual([0, 0, 0, 0, 5, 0, 0, 0, 0]);
  });

  it("refuses windows that overlap", () => {
    expect(verdictOf(shapeOf("max-pool", [[1, 4, 4, 1]], [3, 2]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("max-pool", [[1, 1, 4, 1]], [2, 2]))).toBe("ENGINE_SHAPE");
  });
});
