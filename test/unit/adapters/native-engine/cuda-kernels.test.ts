import { describe, expect, it } from "vitest";
import {
  cudaKernels,
  KERNEL_CAPABILITIES,
} from "../../../../src-main/adapters/native-engine/cuda-kernels.ts";

describe("cuda-kernels", () => {
  it("come newest first, each for the devices it names", () => {
    const kernels = cudaKernels();
    expect(kernels.map(({ capability }) => capability)).toEqual([...KERNEL_CAPABILITIES]);
    expect(KERNEL_CAPABILITIES.toSorted((a, b) => b - a)).toEqual([...KERNEL_CAPABILITIES]);
    for (const { capability, text } of kernels) {
      expect(text).toMatch(new RegExp(`^\\.target sm_${capability}$`, "mu"));
      expect(text).toMatch(/^\.visible \.entry quantiseSides\(/mu);
    }
  });
});
