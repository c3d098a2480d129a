import { describe, expect, it } from "vitest";
import { floatOfBits } from "../../../../src-main/engine/canon.ts";
import { runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

const MASKED = 0xdd800000 | 0;

describe("causal-mask", () => {
  it("keeps columns up to the row and the offset, in every matrix of a batch", () => {
    const x = tensorOf([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const kept = (offset: number) =>
      Array.from(runOp("causal-mask", [x], { attributes: [offset, 0] }).values);
    expect(kept(0)).toEqual([1, 0, 0, 4, 5, 0, 7, 0, 0, 10, 11, 0]);
    expect(kept(-1)).toEqual([0, 0, 0, 4, 0, 0, 0, 0, 0, 10, 0, 0]);
    expect(kept(9)).toEqual(Array.from(x.values));
    expect(kept(-9)).toEqual(new Array(12).fill(0));
  });

  it("writes the value of its bits", () => {
    const x = tensorOf([1, 2], [1, 2]);
    const { values } = runOp("causal-mask", [x], { attributes: [0, MASKED] });
    expect(Array.from(values)).toEqual([1, floatOfBits(MASKED)]);
    expect(values[1]).toBe(-(2 ** 60));
  });

  it("refuses what does not fit", () => {
    expect(verdictOf(shapeOf("causal-mask", [[4]], [0, 0]))).toBe("ENGINE_SHAPE");
    expect(verdictOf(shapeOf("causal-mask", [[4, 4]], [0]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("causal-mask", [[4, 4]], [0, 0x7fc00000]))).toBe("ENGINE_ATTRIBUTE");
  });
});
