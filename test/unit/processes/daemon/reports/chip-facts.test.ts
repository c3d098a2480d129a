import { describe, expect, it } from "vitest";

import { chipFacts } from "../../../../../src-main/processes/daemon/reports/chip-facts.ts";

const gpu = { vendor: "NVIDIA", model: "NVIDIA H100 80GB HBM3" };
const seen = { machine: { cpuName: "AMD EPYC 9654" }, gpus: [gpu] } as never;

describe("processes/daemon/reports/chip-facts", () => {
  it("names the chip as the list of devices does", () => {
    expect(chipFacts(seen, "cpu")).toEqual({ name: "AMD EPYC 9654", chipClass: "cpu" });
    expect(chipFacts(seen, "gpu-0")).toEqual({ name: gpu.model, chipClass: "gpu" });
  });

  it("calls one that is gone, or that nobody names, by its id", () => {
    expect(chipFacts(seen, "gpu-3")).toEqual({ name: "gpu-3", chipClass: "gpu" });
    const unnamed = { machine: { cpuName: "" }, gpus: [] } as never;
    expect(chipFacts(unnamed, "cpu").name).toBe("cpu");
  });
});
