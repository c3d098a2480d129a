import { describe, expect, it } from "vitest";

import { NOTHING_TOLD } from "../../../../../src-main/ports/device-telemetry.ts";
import {
  checkAskLimit,
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

  it("takes a device's own limit of power, and what became of setting it", () => {
    const powerLimit = { key: "amd-1", file: "/sys/power1_cap", leastWatts: 100 };
    const device = { id: "gpu-0", name: "card", source: "amdgpu" };
    const listed = (limit: unknown) => {
      const told = checkReaderTold({
        kind: "devices",
        devices: [{ ...device, powerLimit: limit }],
      });
      return told?.kind === "devices" ? told.devices[0].powerLimit : null;
    };
    expect(listed(powerLimit)).toEqual(powerLimit);
    expect(listed({ ...powerLimit, file: 5 })).toBeUndefined();
    expect(listed({ ...powerLimit, leastWatts: -1 })).toBeUndefined();
    const answer = { outcome: "done", why: "", before: 250, now: 200 } as const;
    expect(checkReaderTold({ kind: "limit", ask: 1, answer })).toEqual({
      kind: "limit",
      ask: 1,
      answer,
    });
    for (const wrong of [{ outcome: "well" }, { why: 1 }, { now: "200" }, { before: Number.NaN }]) {
      expect(
        checkReaderTold({ kind: "limit", ask: 1, answer: { ...answer, ...wrong } }),
      ).toBeNull();
    }
    expect(checkReaderTold({ kind: "limit", ask: -1, answer })).toBeNull();
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

describe("checkAskLimit", () => {
  it("takes a wish of watts, and nothing else", () => {
    const asked = { kind: "limit", ask: 1, id: "gpu-0", wish: { watts: 200, mostWatts: null } };
    expect(checkAskLimit(asked)).toEqual(asked);
    for (const wrong of [{ ask: 0.5 }, { id: 1 }, { wish: null }, { wish: { watts: -1 } }]) {
      expect(checkAskLimit({ ...asked, ...wrong })).toBeNull();
    }
    expect(checkAskLimit({ kind: "begin" })).toBeNull();
  });
});
