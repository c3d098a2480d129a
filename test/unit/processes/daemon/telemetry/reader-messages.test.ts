import { describe, expect, it } from "vitest";

import { NOTHING_TOLD } from "../../../../../src-main/ports/device-telemetry.ts";
import {
  checkBeginReading,
  checkReaderTold,
} from "../../../../../src-main/processes/daemon/telemetry/reader-messages.ts";

describe("checkReaderTold", () => {
  const told = { kind: "sample", index: 0, sample: { atMs: 5, ...NOTHING_TOLD } } as const;

  it("takes a sample and a list of devices", () => {
    expect(checkReaderTold(told)).toEqual(told);
    const devices = { kind: "devices", devices: [{ id: "gpu-0", name: "card", source: "xe" }] };
    expect(checkReaderTold(devices)).toEqual(devices);
    const opening = { kind: "opening", id: "gpu-0" };
    expect(checkReaderTold({ ...opening, more: 1 })).toEqual(opening);
  });

  it("takes several temperatures of a device, and notes cut to their length", () => {
    const heat = [
      { place: "junction", celsius: 92, limitCelsius: 110 },
      { place: "memory", celsius: 84, limitCelsius: null },
    ];
    const warm = { ...told, sample: { ...told.sample, heat } };
    expect(checkReaderTold(warm)).toEqual(warm);
    const wrong = [
      "hot",
      [{ ...heat[0], place: "door" }],
      [{ ...heat[0], celsius: Number.NaN }],
      [{ ...heat[0], limitCelsius: "110" }],
      [null],
      Array(4).fill(heat[0]),
    ];
    for (const one of wrong) {
      expect(checkReaderTold({ ...told, sample: { ...told.sample, heat: one } })).toBeNull();
    }
    const noted = { id: "gpu-0", name: "card", source: "amdgpu" };
    const notes = ["x".repeat(300), 5, "b", "c", "d", "e"];
    expect(checkReaderTold({ kind: "devices", devices: [{ ...noted, notes }] })).toEqual({
      kind: "devices",
      devices: [{ ...noted, notes: ["x".repeat(160), "b", "c", "d"] }],
    });
  });

  it("takes nothing that is out of shape", () => {
    const wrong = [
      undefined,
      "sample",
      { ...told, index: 0.5 },
      { kind: "opening" },
      { kind: "opening", id: "x".repeat(65) },
      { ...told, sample: { ...told.sample, celsius: "hot" } },
      { ...told, sample: { ...told.sample, watts: Number.NaN } },
      { ...told, sample: { ...told.sample, throttle: ["because"] } },
      { ...told, sample: { atMs: 5 } },
      { kind: "devices", devices: [{ id: "x".repeat(65), name: "", source: "" }] },
      { kind: "devices", devices: Array(65).fill({ id: "a", name: "a", source: "a" }) },
    ];
    for (const message of wrong) expect(checkReaderTold(message)).toBeNull();
  });
});

describe("checkBeginReading", () => {
  it("takes pairs of place and id, and names left out", () => {
    const roots = { system: "/sys", processes: "/proc" };
    const ids = [["0000:03:00.0", "gpu-0"]];
    const begin = { kind: "begin", ...roots, ids, without: ["gpu-1"] };
    expect(checkBeginReading(begin)).toEqual(begin);
    for (const wrong of [null, {}, { ...begin, ids: [["x"]] }, { ...begin, system: 1 }]) {
      expect(checkBeginReading(wrong)).toBeNull();
    }
  });
});
