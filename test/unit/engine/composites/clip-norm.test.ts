import { describe, expect, it } from "vitest";
import { appendClipNorm } from "../../../../src-main/engine/composites/clip-norm.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

/** Gradients (3, 0), (0, 4) of norm 5, the one at `at` after clipping. */
const clipped = (limit: number, at: number): readonly number[] => {
  const gradients = [tensorOf([1, 2], [3, 0]), tensorOf([2], [0, 4])];
  return Array.from(
    runGraph((g, states) => appendClipNorm(g, states, limit)[at], gradients).values,
  );
};

describe("clipping by the global norm", () => {
  it("shrinks all gradients together to the limit", () => {
    expect(clipped(2.5, 0)).toEqual([1.5, 0]);
    expect(clipped(2.5, 1)).toEqual([0, 2]);
  });

  it("changes no bit where the norm is within the limit", () => {
    for (const limit of [5, 5.5, 1e10]) {
      expect(clipped(limit, 0)).toEqual([3, 0]);
      expect(clipped(limit, 1)).toEqual([0, 4]);
    }
  });
});
