import { describe, expect, it } from "vitest";

import { NOTHING_TOLD } from "../../../../../src-main/ports/device-telemetry.ts";
import type { UnitStatus } from "../../../../../src-main/miner/index.ts";
import {
  DaemonSignals,
  devicesInUse,
  failuresInARow,
} from "../../../../../src-main/processes/daemon/rules/daemon-signals.ts";
import type { SignalParts } from "../../../../../src-main/processes/daemon/rules/daemon-signals.ts";

const sampled = (id: string, name: string, source: string, watts: number | null = null) => ({
  id,
  name,
  source,
  sample: { atMs: 1, ...NOTHING_TOLD, watts },
});
const CPU = sampled("cpu", "A processor", "cpu", 60);
const CARDS = [
  sampled("gpu-0", "NVIDIA H100 80GB HBM3", "nvml", 300),
  sampled("gpu-1", "NVIDIA L4", "nvml", 70),
];
const SUPPLY = sampled("hwmon1-corsairpsu", "corsairpsu sensor", "hwmon", 500);

const unit = (phase: UnitStatus["phase"], code: string | null) => ({ phase, code }) as UnitStatus;

const PARTS: SignalParts = {
  latestSamples: () => [CPU, ...CARDS, SUPPLY],
  graphicsName: null,
  units: () => [],
  minerState: () => "working",
  world: () => ({ now: null, signals: null }),
  onBattery: () => null,
  userActive: () => true,
};

describe("devicesInUse", () => {
  const idsFor = (name: string | null) => {
    return devicesInUse([CPU, ...CARDS, SUPPLY], name).map(({ id }) => id);
  };

  it("are the processor and the card that trains, all cards where its name fits none", () => {
    expect(idsFor(null)).toEqual(["cpu"]);
    expect(idsFor("nvidia h100 80gb hbm3")).toEqual(["cpu", "gpu-0"]);
    expect(idsFor("a driver's other name")).toEqual(["cpu", "gpu-0", "gpu-1"]);
  });
});

describe("failuresInARow", () => {
  it("counts from the newest unit to the one that was accepted", () => {
    const failed = unit("voided", "MINER_NOT_EXACT");
    expect(failuresInARow([failed, failed, unit("training", null), failed])).toBe(3);
    expect(failuresInARow([failed, unit("paid", null), failed])).toBe(1);
    expect(failuresInARow([])).toBe(0);
  });
});

describe("DaemonSignals", () => {
  it("knows nothing of the world where nobody tells it", () => {
    expect(new DaemonSignals(PARTS).now()).toMatchObject({
      price: null,
      prices: [],
      intensity: null,
      surplusWatts: null,
      onBattery: null,
      userActive: true,
      watts: 60,
    });
  });

  it("takes prices in the currency, marginal before average, and the meter's watts", () => {
    const point = (startMs: number, value: number) => ({ startMs, endMs: startMs + 1, value });
    const signal = (value: number) => ({ now: point(0, value), forecast: [point(1, value * 2)] });
    const world = {
      now: { watts: 480, surplusWatts: -120, storageShare: 0.4 },
      signals: {
        price: signal(310_000),
        average: signal(400),
        marginal: signal(650),
        currency: "EUR",
      },
    } as unknown as ReturnType<SignalParts["world"]>;
    expect(new DaemonSignals({ ...PARTS, world: () => world }).now()).toMatchObject({
      price: 0.31,
      prices: [
        { startMs: 0, value: 0.31 },
        { startMs: 1, value: 0.62 },
      ],
      currency: "EUR",
      intensity: 650,
      surplusWatts: -120,
      storageShare: 0.4,
      watts: 480,
    });
  });

  it("learns what work takes only while it works", () => {
    let state: "idle" | "working" = "idle";
    const signals = new DaemonSignals({ ...PARTS, minerState: () => state });
    expect(signals.now().workWatts).toBeNull();
    state = "working";
    expect(signals.now().workWatts).toBe(60);
  });
});
