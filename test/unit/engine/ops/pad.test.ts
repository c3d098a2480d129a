import { describe, expect, it } from "vitest";
import { runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

const x = tensorOf([2, 2], [1, 2, 3, 4]);

describe("pad", () => {
  it("puts zeros around one axis, which slice takes off again", () => {
    const wide = runOp("pad", [x], { attributes: [1, 1, 2] });
    expect(wide).toEqual(tensorOf([2, 5], [0, 1, 2, 0, 0, 0, 3, 4, 0, 0]));
    expect(runOp("slice", [wide], { attributes: [1, 1, 2] })).toEqual(x);
    const high = runOp("pad", [x], { attributes: [0, 0, 1] });
    expect(high).toEqual(tensorOf([3, 2], [1, 2, 3, 4, 0, 0]));
  });

  it("refuses what does not fit", () => {
    const code = (attributes: readonly number[]) => verdictOf(shapeOf("pad", [[2, 2]], attributes));
    expect(code([2, 0, 0])).toBe("ENGINE_ATTRIBUTE");
    expect(code([0, -1, 0])).toBe("ENGINE_ATTRIBUTE");
    expect(code([0, 0])).toBe("ENGINE_ATTRIBUTE");
  });
});
