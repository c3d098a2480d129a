import { describe, expect, it } from "vitest";

import { NOTHING_TOLD } from "../../../../src-main/ports/device-telemetry.ts";
import { watchLines } from "../../../../src-main/processes/cli/watch-devices.ts";

describe("watchLines", () => {
  it("shows each figure with its unit and a dash where a device tells nothing", () => {
    const sample = {
      atMs: 1,
      ...NOTHING_TOLD,
      utilisation: 0.974,
      memoryUsedBytes: 1_073_741_824,
      memoryTotalBytes: 17_179_869_184,
      celsius: 71.4,
      watts: 211.4,
      throttle: ["power-limit" as const],
    };
    const lines = watchLines({
      atMs: 1,
      devices: [
        { id: "gpu-0", name: "A card", source: "amdgpu", sample },
        { id: "cpu", name: "A processor", source: "cpu", sample: null },
      ],
    });
    expect(lines[0]).toMatch(/^device +busy +memory +°C/u);
    expect(lines[1]).toMatch(/^gpu-0 +97 % +1.0 GiB of 16.0 GiB +71 +– +– +211 +– +power-limit$/u);
    expect(lines[2]).toMatch(/^cpu( +–){8}$/u);
    expect(lines).toContain("gpu-0: A card (amdgpu)");
  });

  it("shows the temperatures of a card's places, and what it does not tell", () => {
    const heat = [
      { place: "junction" as const, celsius: 92.4, limitCelsius: 110 },
      { place: "memory" as const, celsius: 84, limitCelsius: null },
    ];
    const sample = { atMs: 1, ...NOTHING_TOLD, throttle: [], heat };
    const card = { id: "gpu-0", name: "A card", source: "amdgpu", notes: ["A note."], sample };
    expect(watchLines({ atMs: 1, devices: [card] }).slice(-4)).toEqual([
      "gpu-0: A card (amdgpu)",
      "     junction 92 °C of at most 110 °C",
      "     memory 84 °C",
      "     A note.",
    ]);
  });
});
