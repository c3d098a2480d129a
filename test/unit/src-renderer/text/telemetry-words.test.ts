import { describe, expect, it } from "vitest";
import type { WatchedSample } from "../../../../src-main/contract/control-api/telemetry.ts";
import { NOTHING_TOLD } from "../../../../src-main/ports/device-telemetry.ts";
import {
  placesOf,
  sampleFigures,
  throttleText,
} from "../../../../src-renderer/text/telemetry-words.ts";

const nothing: WatchedSample = { atMs: 0, ...NOTHING_TOLD, throttle: [] };

describe("src-renderer/text/telemetry-words", () => {
  it("shows what a device tells, and nothing of what it does not", () => {
    expect(sampleFigures(nothing)).toEqual([]);
    const told = {
      ...nothing,
      watts: 214.2,
      limitWatts: 320,
      celsius: 71.4,
      utilisation: 0.98,
      memoryUsedBytes: 2 ** 31,
      memoryTotalBytes: 2 ** 33,
      clockMhz: 1_905,
      fan: 0.4,
    };
    expect(sampleFigures(told)).toEqual([
      ["power", "214 W of 320 W"],
      ["heat", "71 °C"],
      ["busy", "98 %"],
      ["memory", "2.0 GiB of 8.0 GiB"],
      ["clock", "1.91 GHz"],
      ["fan", "40 %"],
    ]);
    expect(sampleFigures({ ...nothing, watts: 0 })).toEqual([["power", "0.0 W"]]);
  });

  it("says why a device is slower than it could be; having nothing to do is no reason", () => {
    expect(throttleText({ ...nothing, throttle: ["idle"] })).toBe("");
    expect(throttleText({ ...nothing, throttle: ["heat", "idle", "power-limit"] })).toBe(
      "slowed by heat, at its power limit",
    );
  });

  it("keeps a gap a gap", () => {
    const point = (atMs: number, mean: number) => ({
      atMs,
      mean,
      least: 0,
      greatest: 9,
      samples: 1,
    });
    const points = [point(0, 1), point(2_000, 3), point(9_000, 7)];
    const series = { device: "cpu", field: "watts" as const, stepMs: 1_000, points };
    expect(placesOf(series, 0, 4_000)).toEqual([1, null, 3, null]);
    expect(placesOf({ ...series, points: [] }, 0, 0)).toEqual([]);
  });
});
