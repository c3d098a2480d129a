import { describe, expect, it } from "vitest";
import type { NvmlDevice } from "../../../../src-main/adapters/nvml/index.ts";
import type { Meter } from "../../../../src-main/ports/meter.ts";
import { graphicsCounter } from "../../../../src-main/processes/bench/graphics-counter.ts";

const H100: NvmlDevice = {
  index: 0,
  name: "NVIDIA H100 80GB HBM3",
  uuid: "GPU-1",
  pciId: "0000:01:00.0",
  pciDeviceId: null,
  memoryBytes: null,
  computeCapability: { major: 9, minor: 0 },
  mig: null,
  powerLimit: { current: null, factory: null, least: null, greatest: null },
  countsEnergy: true,
  givesWatts: true,
  slowdownCelsius: null,
  fault: null,
};

/** A library with these devices, each of whose registers stands at 2,500 mJ and its index. */
function library(devices: readonly NvmlDevice[]) {
  let closed = 0;
  const meters = (idOf: (device: NvmlDevice) => string = ({ name }) => name) =>
    devices.map((device): Meter => {
      const register = { wrapsAtMillijoules: null, epoch: null };
      const millijoules = 2_500 + device.index;
      return {
        identity: {
          id: `nvml-${device.uuid ?? ""}`,
          role: "load",
          kind: "nvml-energy",
          tier: "C",
          boundary: "accelerators",
          device: idOf(device),
          makeModel: device.name,
          serial: null,
          calibration: null,
          uncertaintyPercent: 5,
          meterSigned: false,
        },
        readEveryMs: 1_000,
        read: () =>
          Promise.resolve({
            atMs: 0,
            register: { ...register, millijoules },
            watts: null,
            signature: null,
          }),
        close: () => Promise.resolve(),
      };
    });
  const listing = { driverVersion: "580", cudaVersion: "13.0", devices };
  return { listing, meters, close: () => (closed += 1), closed: () => closed };
}

describe("processes/bench/graphics-counter", () => {
  it("counts the one device the engine's name holds, and ends the library with it", async () => {
    const other = { ...H100, index: 1, name: "NVIDIA L4", uuid: "GPU-2" };
    const nvml = library([other, H100]);
    const counter = graphicsCounter("nvidia h100 80gb hbm3 (0000:01:00.0)", nvml);
    expect(counter).toMatchObject({ name: "NVIDIA H100 80GB HBM3", tier: "C" });
    expect(await counter?.joules()).toBe(2.5);
    // Some drivers join the words of a name by dashes.
    expect(graphicsCounter("nvidia-h100-80gb-hbm3", nvml)).toMatchObject({ tier: "C" });
    await counter?.close();
    expect(nvml.closed()).toBe(1);
  });

  it("counts the very device of two with one name whose own number is known", async () => {
    const twin = { ...H100, index: 1, uuid: "GPU-2" };
    const nvml = library([H100, twin]);
    expect(await graphicsCounter(H100.name, nvml, "GPU-1")?.joules()).toBe(2.5);
    expect(await graphicsCounter(H100.name, nvml, "GPU-2")?.joules()).toBe(2.501);
    expect(graphicsCounter(H100.name, nvml, "GPU-3")).toBeNull();
  });

  it("counts none where two have the name, where none has it, or where it counts nothing", () => {
    const twin = { ...H100, index: 1, uuid: "GPU-2" };
    expect(graphicsCounter(H100.name, library([H100, twin]))).toBeNull();
    expect(graphicsCounter("AMD Radeon", library([H100]))).toBeNull();
    expect(graphicsCounter(H100.name, library([{ ...H100, countsEnergy: false }]))).toBeNull();
  });
});
