import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { opNamed, opNames } from "../../../../src-main/engine/ops/registry.ts";
import { runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

describe("registry", () => {
  it("has exactly one file an op, named like it", () => {
    for (const name of opNames()) {
      const path = new URL(`../../../../src-main/engine/ops/${name}.ts`, import.meta.url);
      expect(readFileSync(path, "utf8")).toContain(`"${name}"`);
      expect(opNamed(name)?.name).toBe(name);
    }
    expect(opNamed("no-such-op")).toBeUndefined();
  });

  it("moves elements without changing them", () => {
    const x = tensorOf([2, 3], [1, 2, 3, 4, 5, 6]);
    expect(runOp("transpose", [x], { attributes: [1, 0] })).toEqual(
      tensorOf([3, 2], [1, 4, 2, 5, 3, 6]),
    );
    expect(runOp("slice", [x], { attributes: [1, 1, 2] })).toEqual(tensorOf([2, 2], [2, 3, 5, 6]));
    expect(runOp("slice", [x], { attributes: [0, 1, 1] })).toEqual(tensorOf([1, 3], [4, 5, 6]));
    expect(runOp("reshape", [x], { declared: [6] })).toEqual(tensorOf([6], x.values));
    expect(verdictOf(shapeOf("transpose", [[2, 3]], [0, 0]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("slice", [[2, 3]], [1, 2, 2]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("reshape", [[2, 3]], [], [5]))).toBe("ENGINE_SHAPE");
  });

  it("loads bytes as features and a label", () => {
    const batch = Uint8Array.of(0, 255, 7, 51, 128, 200);
    const { values } = runOp("load", [], { attributes: [0], declared: [2, 3], batch });
    expect(Array.from(values)).toEqual([0, 1, 7, Math.fround(0.2), Math.fround(128 / 255), 200]);
    expect(verdictOf(shapeOf("load", [], [4], [2, 3]))).toBe("ENGINE_ATTRIBUTE");
    expect(() => runOp("load", [], { attributes: [0], declared: [2, 3] })).toThrow();
  });

  it("writes a label outside the classes as a row of zeros", () => {
    const labels = tensorOf([4, 1], [0, 2, 3, 1.5]);
    const { values } = runOp("one-hot", [labels], { attributes: [3] });
    expect(Array.from(values)).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(verdictOf(shapeOf("one-hot", [[4]], [3]))).toBe("ENGINE_SHAPE");
  });

  it("reads a schedule at the last entry that has begun", () => {
    // Bits of 1, 2 and 0.5.
    const attributes = [3, 1, 0x3f800000, 10, 0x40000000, 11, 0x3f000000];
    const at = (step: number) => runOp("schedule", [], { attributes, step }).values[0];
    expect([1, 9, 10, 11, 5_000].map(at)).toEqual([1, 1, 2, 0.5, 0.5]);
    expect(verdictOf(shapeOf("schedule", [], [1, 2, 0]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("schedule", [], [2, 1, 0, 1, 0]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("schedule", [], [1, 1, 0x7f800000]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("schedule", [], []))).toBe("ENGINE_ATTRIBUTE");
  });

  it("refuses a constant that is no canonical number", () => {
    expect(runOp("constant", [], { attributes: [0x3f800000], declared: [2] })).toEqual(
      tensorOf([2], [1, 1]),
    );
    expect(verdictOf(shapeOf("constant", [], [0x7fc00000], [2]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("constant", [], [-0x80000000], [2]))).toBe("ENGINE_ATTRIBUTE");
  });

  it("cuts relu and its gradient at zero itself", () => {
    const x = tensorOf([3], [-1, 0, 2]);
    expect(Array.from(runOp("relu", [x]).values)).toEqual([0, 0, 2]);
    const dy = tensorOf([3], [5, 6, 7]);
    expect(Array.from(runOp("relu-gradient", [x, dy]).values)).toEqual([0, 0, 7]);
  });

  it("adds a bias along the last axis only", () => {
    const x = tensorOf([2, 2], [1, 2, 3, 4]);
    expect(Array.from(runOp("bias", [x, tensorOf([2], [10, 20])]).values)).toEqual([
      11, 22, 13, 24,
    ]);
    expect(verdictOf(shapeOf("bias", [[2, 3], [2]]))).toBe("ENGINE_SHAPE");
  });

  it("reduces one axis to 1", () => {
    const x = tensorOf([2, 3], [1, 5, 3, -4, -2, -9]);
    expect(runOp("max", [x], { attributes: [1] })).toEqual(tensorOf([2, 1], [5, -2]));
    expect(runOp("sum", [x], { attributes: [0] })).toEqual(tensorOf([1, 3], [-3, 3, -6]));
    expect(runOp("mean", [x], { attributes: [1] })).toEqual(tensorOf([2, 1], [3, -5]));
    expect(verdictOf(shapeOf("sum", [[2, 3]], [2]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("sum", [[2 ** 23 + 1]], [0]))).toBe("ENGINE_LIMIT");
  });
});
