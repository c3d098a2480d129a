import { describe, expect, it } from "vitest";
import type { NvmlLibrary } from "../../../../src-main/adapters/nvml/load-library.ts";
import {
  SampleReader,
  throttleReasons,
  wattsOf,
} from "../../../../src-main/adapters/nvml/read-sample.ts";

/** A library that counts what it is asked; each answer is how often that was. */
function counted(codes: Readonly<Record<string, number>> = {}) {
  const asked = new Map<string, number>();
  const library: NvmlLibrary = {
    call: () => ({ code: 999 }),
    handle: () => ({ code: 999 }),
    ask: (name, _, before, [bytes = 0]) => {
      const key = [name.replace("nvmlDeviceGet", ""), ...before].join(" ");
      const times = (asked.get(key) ?? 0) + 1;
      asked.set(key, times);
      const code = codes[key] ?? 0;
      if (code !== 0) return { code };
      const value = Buffer.alloc(bytes);
      value.writeUInt32LE(times);
      return { code: 0, value: [value] };
    },
  };
  const all = () => [...asked.values()].reduce((sum, one) => sum + one, 0);
  return { library, asked, all };
}

describe("SampleReader", () => {
  it("asks each second for what protects, and seldom for what changes seldom", () => {
    const { library, asked, all } = counted();
    const reader = new SampleReader(library, {});
    reader.read(0);
    const before = all();
    const most = Array.from({ length: 100 }, (_, second) => {
      const was = all();
      reader.read(second);
      return all() - was;
    });
    expect(Object.fromEntries(asked)).toMatchObject({
      PowerUsage: 101,
      "Temperature 0": 101,
      CurrentClocksEventReasons: 101,
      TotalEnergyConsumption: 21,
    });
    expect((all() - before) / 100).toBeCloseTo(4.9, 5);
    // Nor are those asked in the same second.
    expect(Math.max(...most)).toBeLessThanOrEqual(6);
  });

  it("keeps an answer until the next one, and reads a limit that was set at once", () => {
    const { library } = counted();
    const reader = new SampleReader(library, {});
    const watts = Array.from({ length: 12 }, () => reader.read(0).limitWatts);
    expect(new Set(watts)).toEqual(new Set([0.001, 0.002]));
    reader.limitChanged();
    expect([reader.read(0).limitWatts, reader.read(0).limitWatts]).toEqual([0.003, 0.003]);
  });

  it("does not ask again and again for what a device does not have", () => {
    const { library, asked } = counted({ FanSpeed: 3, UtilizationRates: 13, "ClockInfo 1": 999 });
    const reader = new SampleReader(library, {});
    for (let second = 0; second < 100; second += 1) {
      expect(reader.read(second)).toMatchObject({ fan: null, utilisation: null, clockMhz: null });
    }
    expect(asked.get("UtilizationRates")).toBeLessThanOrEqual(2);
    expect(asked.get("FanSpeed")).toBeLessThanOrEqual(2);
    expect(asked.get("ClockInfo 1")).toBeGreaterThan(15);
  });

  it("says of a lost device that it is lost, and asks it nothing more", () => {
    const { library, all } = counted({ PowerUsage: 15 });
    const reader = new SampleReader(library, {});
    const before = all();
    expect(reader.read(7)).toMatchObject({ atMs: 7, isLost: true, watts: null });
    expect(all() - before).toBe(1);
  });
});

describe("read-sample", () => {
  it("names each reason once, in a fixed order, and passes over bits it does not know", () => {
    expect(throttleReasons(0)).toEqual([]);
    expect(throttleReasons(0x1)).toEqual(["idle"]);
    expect(throttleReasons(0x20 | 0x40)).toEqual(["heat"]);
    expect(throttleReasons(0x1ff)).toEqual([
      "idle",
      "setting",
      "power-limit",
      "hardware-slowdown",
      "sync-boost",
      "heat",
    ]);
    expect(throttleReasons(0x8000)).toEqual([]);
  });

  it("makes no watts of nothing", () => {
    expect(wattsOf(123_456)).toBe(123.456);
    expect(wattsOf(0)).toBe(0);
    expect(wattsOf(null)).toBeNull();
  });
});
