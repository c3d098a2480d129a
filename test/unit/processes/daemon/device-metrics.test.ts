import { describe, expect, it } from "vitest";

import type { DeviceSample, ThrottleReason } from "../../../../src-main/ports/device-telemetry.ts";
import { deviceMetrics } from "../../../../src-main/processes/daemon/device-metrics.ts";

const SAMPLE: DeviceSample = {
  atMs: 0,
  utilisation: 0.5,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  celsius: 61,
  fan: null,
  clockMhz: null,
  memoryClockMhz: null,
  watts: 200,
  limitWatts: 250,
  energyMillijoules: null,
  throttle: [],
};

function watched() {
  let sample: DeviceSample | null = null;
  let tell: () => void = () => undefined;
  const read = deviceMetrics({
    latestSamples: () => [{ id: "GPU-1", sample }],
    onSamples: (listener) => ((tell = listener), () => undefined),
  });
  const second = (atMs: number, throttle: readonly ThrottleReason[], more = {}) => {
    sample = { ...SAMPLE, ...more, atMs, throttle };
    tell();
  };
  return { read, second };
}

describe("deviceMetrics", () => {
  it("has no value before the first sample, nor for what a device does not say", () => {
    const { read, second } = watched();
    expect(read().miner_device_temperature_celsius).toEqual([]);
    second(1_000, [], { celsius: null });
    expect(read().miner_device_temperature_celsius).toEqual([]);
    expect(read().miner_device_utilization_ratio).toEqual([
      { labels: { device: "GPU-1" }, value: 0.5 },
    ]);
    expect(read().miner_device_power_limit_watts).toEqual([
      { labels: { device: "GPU-1" }, value: 250 },
    ]);
  });

  it("names the places of a device that tells several temperatures", () => {
    const { read, second } = watched();
    const heat = [
      { place: "edge" as const, celsius: 61, limitCelsius: null },
      { place: "junction" as const, celsius: 88, limitCelsius: 110 },
    ];
    second(1_000, [], { heat });
    expect(read().miner_device_temperature_celsius).toEqual([
      { labels: { device: "GPU-1" }, value: 61 },
      { labels: { device: "GPU-1", sensor: "junction" }, value: 88 },
    ]);
  });

  it("counts the time a device was held back, by reason, and not its idleness", () => {
    const { read, second } = watched();
    second(1_000, ["heat"]);
    second(2_000, ["heat", "idle"]);
    second(3_500, ["power-limit"]);
    second(3_500, ["power-limit"]);
    expect(read().miner_device_throttled_seconds_total).toEqual([
      { labels: { device: "GPU-1", reason: "heat" }, value: 1 },
      { labels: { device: "GPU-1", reason: "power-limit" }, value: 1.5 },
    ]);
  });

  it("does not take a machine's sleep for a time it was held back", () => {
    const { read, second } = watched();
    second(0, ["heat"]);
    second(3_600_000, ["heat"]);
    expect(read().miner_device_throttled_seconds_total).toEqual([
      { labels: { device: "GPU-1", reason: "heat" }, value: 5 },
    ]);
  });
});
