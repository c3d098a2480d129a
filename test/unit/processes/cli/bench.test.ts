import { describe, expect, it } from "vitest";
import { benchLines } from "../../../../src-main/processes/cli/bench.ts";

const device = { device: "cpu0", name: "A processor", engine: "native-cpu", variant: "avx2" };
const rates = {
  products: [{ profile: "I14", size: 1_024, gops: 123.45 }],
  steps: [{ step: "cnn", batchSize: 64, stepsPerSecond: 98.76 }],
} as const;

describe("processes/cli/bench", () => {
  it("tells each rate with its unit, and that the device is exact", () => {
    const bench = { devices: [{ ...device, wrongOps: [], rates }], nativeAbsent: null };
    expect(benchLines({ ...bench, memoryBytesPerSecond: 15.72e9 })).toEqual([
      "cpu0  A processor: native-cpu (avx2), exact",
      "     product I14, 1024 × 1024: 123.5 GOP/s",
      "     training step cnn, batch 64: 98.8 steps/s",
      "",
      "Memory: 15.7 GB/s, one thread",
    ]);
  });

  it("tells no speed of a device that is not exact", () => {
    const wrong = { ...device, wrongOps: ["matmul", "sum"], rates: null };
    const bench = { devices: [wrong], nativeAbsent: null, memoryBytesPerSecond: null };
    const lines = benchLines(bench).join("\n");
    expect(lines).toContain("not exact here: op matmul, sum");
    expect(lines).not.toContain("/s");
  });

  it("says why the native engine is missing and who mends it", () => {
    const bench = {
      devices: [],
      nativeAbsent: "it could not be built",
      memoryBytesPerSecond: null,
    };
    expect(benchLines(bench).join("\n")).toMatch(/could not be built; `vivian doctor`/);
  });
});
