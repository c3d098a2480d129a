import { describe, expect, it } from "vitest";
import { runOp, shapeOf, verdictOf } from "../../../generators/run-op.ts";

describe("range", () => {
  it("counts along its axis", () => {
    const along = (axis: number) =>
      Array.from(runOp("range", [], { attributes: [axis], declared: [2, 3] }).values);
    expect(along(0)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(along(1)).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it("refuses what does not fit", () => {
    expect(verdictOf(shapeOf("range", [], [1], [2]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("range", [], [], [2]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("range", [], [0], []))).toBe("ENGINE_SHAPE");
    expect(verdictOf(shapeOf("range", [], [0], [2 ** 24 + 1]))).toBe("ENGINE_LIMIT");
  });
});
