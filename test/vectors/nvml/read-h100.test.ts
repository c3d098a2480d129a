import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nvmlMeter } from "../../../src-main/adapters/nvml/nvml-meter.ts";
import type { NvmlDevice } from "../../../src-main/adapters/nvml/index.ts";
import type { DeviceSample } from "../../../src-main/ports/device-telemetry.ts";

interface Recorded {
  readonly device: NvmlDevice;
  readonly readings: readonly {
    readonly atMs: number;
    readonly millijoules: number;
    readonly watts: number;
  }[];
  readonly sample: DeviceSample;
}

const file = join(import.meta.dirname, "read-h100.json");
const { device, readings, sample } = JSON.parse(readFileSync(file, "utf8")) as Recorded;

describe("what a real H100 said", () => {
  it("is metered by its register, which agrees with its power within 2 %", async () => {
    const left = [...readings];
    const plate = device.powerLimit.greatest;
    const meter = nvmlMeter(device, {
      id: "gpu-0",
      epoch: "boot",
      read: () => {
        const one = left.shift();
        return Promise.resolve(
          one === undefined ? undefined : { kind: "energy", ask: 0, code: 0, ...one },
        );
      },
    });
    expect(meter?.identity.nameplateWatts).toBe(plate);
    const said = [];
    for (const _ of readings) said.push(await meter?.read());
    const [first, last] = [said[0], said.at(-1)];
    const joules = (last?.register?.millijoules ?? 0) - (first?.register?.millijoules ?? 0);
    const watts = joules / ((last?.atMs ?? 0) - (first?.atMs ?? 0));
    const mean = readings.reduce((sum, one) => sum + one.watts, 0) / readings.length;
    expect(Math.abs(watts / mean - 1)).toBeLessThan(0.02);
    await expect(meter?.read()).rejects.toMatchObject({ code: "METERS_COUNTER" });
  });

  it("has no fan, and says so with null", () => {
    expect(sample.fan).toBeNull();
    expect(sample).toMatchObject({ throttle: ["idle"], limitWatts: 700, utilisation: 0 });
    expect(device).toMatchObject({ countsEnergy: true, pciDeviceId: 0x233010de });
  });
});
