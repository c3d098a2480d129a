import { describe, expect, it } from "vitest";

import { NOTHING_TOLD } from "../../../../../src-main/ports/device-telemetry.ts";
import type { HeatSensor } from "../../../../../src-main/ports/device-telemetry.ts";
import { guardSensor } from "../../../../../src-main/processes/daemon/rules/guard-temperature.ts";

const sampled = (celsius: number | null, heat?: readonly HeatSensor[]) => ({
  ...NOTHING_TOLD,
  atMs: 1,
  celsius,
  ...(heat === undefined ? {} : { heat }),
});
const edge = (celsius: number, limitCelsius: number | null = 100): HeatSensor => {
  return { place: "edge", celsius, limitCelsius };
};
const junction = (celsius: number, limitCelsius: number | null = 110): HeatSensor => {
  return { place: "junction", celsius, limitCelsius };
};
const memory = (celsius: number, limitCelsius: number | null = 100): HeatSensor => {
  return { place: "memory", celsius, limitCelsius };
};

describe("processes/daemon/rules/guard-temperature", () => {
  it("goes by the place that is closest to its own limit", () => {
    const cool = sampled(70, [edge(70), junction(88), memory(80)]);
    expect(guardSensor(cool)).toBeUndefined();
    expect(guardSensor(sampled(70, [edge(70), junction(104), memory(80)]))).toEqual({
      place: "junction",
      celsius: 104,
      counted: 84,
    });
    expect(guardSensor(sampled(70, [edge(70), junction(88), memory(95)]))).toMatchObject({
      place: "memory",
      counted: 85,
    });
  });

  it("never takes an edge to be cooler than it is, but hotter where its maker has it so", () => {
    expect(guardSensor(sampled(84, [edge(84, 110)]))).toBeUndefined();
    expect(guardSensor(sampled(80, [edge(80, 85)]))).toMatchObject({ place: "edge", counted: 85 });
  });

  it("lets a place without a limit protect nothing, and a device without places as it is", () => {
    expect(guardSensor(sampled(70, [edge(70), junction(109, null)]))).toBeUndefined();
    expect(guardSensor(sampled(70))).toBeUndefined();
    expect(guardSensor(null)).toBeUndefined();
    // An edge that is not told at all leaves the junction.
    expect(guardSensor(sampled(null, [junction(60)]))).toMatchObject({ counted: 40 });
  });
});
