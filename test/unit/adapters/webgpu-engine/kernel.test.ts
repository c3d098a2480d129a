import { describe, expect, it } from "vitest";
import {
  elementKernel,
  kernelHead,
  overElements,
  sizeOf,
} from "../../../../src-main/adapters/webgpu-engine/kernel.ts";

describe("kernel", () => {
  it("binds numbers first, then each tensor with its access", () => {
    expect(kernelHead(["X: array<u32>", "Y: array<u32>"], "rw").split("\n")).toEqual([
      "@group(0) @binding(0) var<storage, read> P: array<u32>;",
      "@group(0) @binding(1) var<storage, read> X: array<u32>;",
      "@group(0) @binding(2) var<storage, read_write> Y: array<u32>;",
    ]);
  });

  it("refuses a kernel whose tensors and accesses do not match", () => {
    expect(() => kernelHead(["X: array<u32>"], "rw")).toThrow(/access/u);
  });

  it("starts as many workgroups as elements need", () => {
    const kernel = elementKernel("copy", ["X", "Y"], "rw", [], "  Y[at] = X[at];");
    const slots = [{ words: 65 }, { words: 65 }];
    expect(overElements(kernel, 65, [7], slots)).toEqual({
      kernel,
      numbers: [65, 7],
      slots,
      groups: 2,
    });
  });

  it("multiplies the dimensions of a part of a shape", () => {
    expect([sizeOf([2, 3, 4]), sizeOf([2, 3, 4], 1), sizeOf([2, 3, 4], 0, 1)]).toEqual([24, 12, 2]);
    expect(sizeOf([])).toBe(1);
  });
});
