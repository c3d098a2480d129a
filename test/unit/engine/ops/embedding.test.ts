import { describe, expect, it } from "vitest";
import { runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

const table = tensorOf([3, 2], [1, 2, 3, 4, 5, 6]);
const tokens = tensorOf([5], [2, 0, 3, -1, 0.5]);

describe("embedding", () => {
  it("copies a token's row, and zeros where it names none", () => {
    const { values, shape } = runOp("embedding", [table, tokens]);
    expect(shape).toEqual([5, 2]);
    expect(Array.from(values)).toEqual([5, 6, 1, 2, 0, 0, 0, 0, 0, 0]);
  });

  it("sums gradients of equal tokens exactly, in whatever order they stand", () => {
    const [huge, tiny] = [2 ** 24, 1];
    const at = (values: readonly number[]) =>
      runOp("embedding-gradient", [tensorOf([4], [1, 1, 1, 0]), tensorOf([4, 1], [...values, 8])], {
        attributes: [3],
      }).values;
    expect(Array.from(at([huge, tiny, -huge]))).toEqual([8, 1, 0]);
    expect(at([-huge, huge, tiny])).toEqual(at([tiny, huge, -huge]));
  });

  it("refuses what does not fit", () => {
    const code = (inputs: readonly (readonly number[])[], attributes: readonly number[] = []) =>
      verdictOf(shapeOf("embedding", inputs, attributes));
    expect(
      code([
        [3, 2],
        [4, 5],
      ]),
    ).toBe("4×5×2");
    expect(code([[3], [4]])).toBe("ENGINE_SHAPE");
    expect(code([[3, 2], [4]], [1])).toBe("ENGINE_ATTRIBUTE");
    const gradient = (inputs: readonly (readonly number[])[], attributes: readonly number[]) =>
      verdictOf(shapeOf("embedding-gradient", inputs, attributes));
    expect(gradient([[4], [4, 2]], [3])).toBe("3×2");
    expect(gradient([[4], [5, 2]], [3])).toBe("ENGINE_SHAPE");
    expect(gradient([[4], [4, 2]], [0])).toBe("ENGINE_ATTRIBUTE");
    expect(gradient([[2 ** 23 + 1], [2 ** 23 + 1, 1]], [3])).toBe("ENGINE_LIMIT");
  });
});
