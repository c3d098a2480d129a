import { describe, expect, it } from "vitest";
import type {
  DeviceBench,
  MachineBench,
} from "../../../../src-main/processes/cli/bench-devices.ts";
import { bar, benchLines } from "../../../../src-main/processes/cli/bench-lines.ts";

const processor = { device: "cpu0", name: "A processor", wrongOps: [], meter: null };

function device(engine: string, stepsPerSecond: number, joules: number | null): DeviceBench {
  return {
    ...processor,
    engine,
    variant: "fast",
    rates: {
      products: [{ profile: "I14", size: 1_024, gops: 100 * stepsPerSecond }],
      steps: [
        { step: "cnn", batchSize: 64, stepsPerSecond, joulesPerStep: joules, stepBytes: null },
      ],
    },
  };
}

const machine: MachineBench = {
  devices: [],
  float: [],
  absent: [],
  meter: null,
  notMetered: "the processor's energy counter is open to root only",
  memoryBytesPerSecond: null,
};

describe("processes/cli/bench-lines", () => {
  it("sets ways of computing under each other, the fastest first, each with its bar", () => {
    const devices = [device("reference", 1, null), device("native-cpu", 4, null)];
    const bench = { ...machine, devices, memoryBytesPerSecond: 15.72e9 };
    expect(benchLines(bench)).toEqual([
      "cpu0  A processor",
      "",
      "Training step cnn, batch 64, in steps/s",
      "  cpu0  native-cpu (fast)  4.0  ████████████████████████",
      "  cpu0  reference (fast)   1.0  ██████",
      "",
      "Product I14, in GOP/s",
      "  cpu0  native-cpu (fast), 1024 × 1024  400  ████████████████████████",
      "  cpu0  reference (fast), 1024 × 1024   100  ██████",
      "",
      "cpu0  reference (fast): exact",
      "cpu0  native-cpu (fast): exact",
      "Energy: processor not metered, the processor's energy counter is open to root only.",
      "Memory: 15.7 GB/s, one thread",
    ]);
  });

  it("tells joules where they are metered, and says of the others that they are not", () => {
    const devices = [
      device("native-cpu", 4, 0.5),
      { ...device("webgpu", 2, null), device: "gpu0" },
    ];
    const meter = { name: "processor package", tier: "C" };
    const lines = benchLines({ ...machine, devices, meter, notMetered: null });
    expect(lines).toContain(
      "  cpu0  native-cpu (fast)  4.0  ████████████████████████  0.500 J, 2.0 steps/J",
    );
    expect(lines.find((line) => line.includes("webgpu (fast)  "))).toMatch(/not metered$/);
    expect(lines.at(-1)).toBe(
      "Energy: processor package (tier C), with all else that ran; graphics devices: not metered.",
    );
  });

  it("tells what a step needs of memory where the engine plans it", () => {
    const planned = device("native-cpu", 4, null);
    const steps = planned.rates?.steps.map((step) => ({ ...step, stepBytes: 97_517_568 })) ?? [];
    const devices = [{ ...planned, rates: { products: [], steps } }, device("reference", 1, null)];
    const lines = benchLines({ ...machine, devices });
    expect(lines).toContain(
      "  cpu0  native-cpu (fast)  4.0  ████████████████████████  93.0 MiB a step",
    );
    expect(lines).toContain("  cpu0  reference (fast)   1.0  ██████");
  });

  it("names what counts a graphics device's own energy", () => {
    const board = { name: "NVIDIA H100", tier: "C" };
    const gpu = { ...device("cuda", 9, 2), device: "gpu0", meter: board };
    const lines = benchLines({ ...machine, devices: [gpu, { ...gpu, engine: "webgpu" }] });
    expect(lines.at(-1)).toBe(
      "Energy: processor not metered, the processor's energy counter is open to root only; " +
        "graphics devices: NVIDIA H100 (tier C), whole boards.",
    );
  });

  it("tells no speed of a device that is not exact", () => {
    const wrong = { ...device("webgpu", 1, null), wrongOps: ["matmul", "sum"], rates: null };
    const text = benchLines({ ...machine, devices: [wrong] }).join("\n");
    expect(text).toContain("not exact here: op matmul, sum");
    expect(text).not.toContain("/s");
  });

  it("says that f32 proves nothing, and why something is missing and who mends it", () => {
    const absent = [
      { engine: "native-cpu", code: "NATIVE_ENGINE_ABSENT", reason: "it could not be built" },
    ];
    const text = benchLines({ ...machine, float: [device("tfjs-wasm", 1, null)], absent });
    expect(text.join("\n")).toMatch(/f32 is told for comparison/);
    expect(text).toContain("No native-cpu: it could not be built (NATIVE_ENGINE_ABSENT)");
    expect(text).toContain("`vivian doctor` says how to mend the native engine.");
  });

  it("draws bars of eighths, never longer than the line and never nothing for something", () => {
    expect(bar(1, 4)).toBe("████");
    expect(bar(2, 4)).toBe("████");
    expect(bar(0.5 + 1 / 32, 4)).toBe("██▏");
    expect(bar(1e-9, 4)).toBe("▏");
    expect(bar(0, 4)).toBe("");
  });
});
