import { describe, expect, it } from "vitest";

import type { CapInForce } from "../../../../src-main/contract/control-api/index.ts";
import { limitMetrics } from "../../../../src-main/processes/daemon/limit-metrics.ts";
import { limitsOf } from "../../../worlds/device-limits.ts";

const CAP: CapInForce = {
  device: "gpu-0",
  watts: 250,
  rule: null,
  how: "paced",
  share: 0.4,
  meanWatts: 240,
  source: "device",
  limitWatts: null,
  needs: null,
  windowMs: 60_000,
  sentence: "Capped",
};

const held = (code: string | null) =>
  limitMetrics({ devices: [], held: code })
    .miner_work_held?.filter(({ value }) => value === 1)
    .map(({ labels }) => labels["reason"]);

describe("limitMetrics", () => {
  it("tells each device's switch, and limits of heat of those in use", () => {
    const idle = limitsOf("gpu-1", { inUse: false, on: false });
    const readings = limitMetrics({ devices: [limitsOf("gpu-0"), idle], held: null });
    expect(readings.miner_device_temperature_limit_celsius).toEqual([
      { labels: { device: "gpu-0", what: "pause" }, value: 83 },
      { labels: { device: "gpu-0", what: "resume" }, value: 75 },
      { labels: { device: "gpu-0", what: "stop" }, value: 90 },
    ]);
    expect(readings.miner_device_enabled).toEqual([
      { labels: { device: "gpu-0" }, value: 1 },
      { labels: { device: "gpu-1" }, value: 0 },
    ]);
    expect(readings.miner_device_power_cap_watts).toEqual([]);
    expect(readings.miner_device_power_cap_state).toEqual([]);
  });

  it("tells a cap, who asks for it, how it is kept and in which share of the time", () => {
    const cap = { ...CAP, rule: "quiet nights" };
    const devices = [
      limitsOf("gpu-0", { cap }),
      limitsOf("cpu", { cap: { ...CAP, device: "cpu" } }),
    ];
    const readings = limitMetrics({ devices, held: null });
    expect(readings.miner_device_power_cap_watts).toEqual([
      { labels: { device: "gpu-0", origin: "rule" }, value: 250 },
      { labels: { device: "cpu", origin: "owner" }, value: 250 },
    ]);
    expect(readings.miner_device_power_cap_duty_ratio?.[0].value).toBe(0.4);
    const states = readings.miner_device_power_cap_state ?? [];
    expect(states).toHaveLength(14);
    expect(states.filter(({ value }) => value === 1).map(({ labels }) => labels)).toEqual([
      { device: "gpu-0", state: "paced" },
      { device: "cpu", state: "paced" },
    ]);
  });

  it("names one reason why work is held, of a fixed few, and none where it is not", () => {
    expect(held(null)).toEqual([]);
    expect(held("ENERGY_DEVICE_OFF")).toEqual(["switched-off"]);
    expect(held("ENERGY_RULE_PAUSED")).toEqual(["rule"]);
    expect(held("ENERGY_CAP_LOW")).toEqual(["cap"]);
    expect(held("ENERGY_CAP_BLIND")).toEqual(["cap"]);
    expect(held("ENERGY_PROTECTION_HEAT")).toEqual(["protection"]);
    expect(limitMetrics({ devices: [], held: null }).miner_work_held).toHaveLength(4);
  });
});
