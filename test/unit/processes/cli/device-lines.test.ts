import { describe, expect, it } from "vitest";
import type { Device, Devices } from "../../../../src-main/contract/control-api/index.ts";
import { deviceLines } from "../../../../src-main/processes/cli/device-lines.ts";

const gpu: Device = {
  id: "gpu-0",
  kind: "gpu",
  name: "NVIDIA L4",
  vendor: "NVIDIA",
  memoryBytes: 24_152_899_584,
  driver: "nvidia 580.95.05",
  pciId: "0000:65:00.0",
  uuid: "GPU-1",
  use: "not-usable",
  engine: null,
  variant: null,
  exact: null,
  cause: "container",
  why: "Its driver is loaded, and this container was not given the device.",
  next: "Start the container with --gpus all.",
};

const devices: Devices = {
  machine: {
    system: "Debian",
    cpuName: "c",
    coresPhysical: 8,
    coresLogical: 16,
    coresAvailable: 2,
    memoryBytes: 1_073_741_824,
    surroundings: ["Docker container", "processor limit 2.0"],
  },
  devices: [gpu, { ...gpu, id: "tpu-0", kind: "tpu", pciId: null, uuid: null, next: null }],
};

describe("device-lines", () => {
  it("shows where it runs, one row of facts each, then what stands in the way and mends it", () => {
    const lines = deviceLines(devices);
    expect(lines[1]).toBe("Runs in: Docker container, processor limit 2.0");
    expect(lines).toContain("gpu-0  GPU   22.5 GiB  nvidia 580.95.05  0000:65:00.0  idle");
    expect(lines).toContain("     next  Start the container with --gpus all.");
    expect(lines.filter((line) => line.includes("uuid"))).toHaveLength(1);
  });

  it("says nothing of surroundings on the machine itself", () => {
    const machine = { ...devices.machine, surroundings: [] };
    expect(deviceLines({ ...devices, machine })[1]).toBe("");
  });
});
