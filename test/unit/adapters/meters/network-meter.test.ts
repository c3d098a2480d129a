import { describe, expect, it } from "vitest";

import { backoffMs, networkMeter } from "../../../../src-main/adapters/meters/network-meter.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import type { MeterIdentity, MeterReading } from "../../../../src-main/ports/meter.ts";

const identity: MeterIdentity = {
  id: "plug",
  role: "load",
  kind: "smart-plug",
  tier: "B",
  boundary: "wall",
  device: null,
  makeModel: null,
  serial: null,
  calibration: null,
  uncertaintyPercent: 2,
  meterSigned: false,
};

const reading: MeterReading = { atMs: 0, register: null, watts: 1, signature: null };

function world() {
  const state = { nowMs: 1_000_000, asked: 0, code: "" };
  const meter = networkMeter(
    {
      identity,
      ask() {
        state.asked += 1;
        if (state.code !== "") return Promise.reject(new Fault(state.code, "why"));
        return Promise.resolve({ reading, makeModel: "Make", serial: "S" });
      },
      drop: () => undefined,
      end: () => undefined,
    },
    { clock: { nowMs: () => state.nowMs } },
  );
  return { state, meter };
}

describe("adapters/meters/network-meter", () => {
  it("waits 1, 2, 4 … 60 seconds, never more", () => {
    const waits = [1, 2, 3, 6, 7, 8, 1_000].map(backoffMs);
    expect(waits).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it("waits after a failed connection and not after an answer that has no value", async () => {
    const { state, meter } = world();
    state.code = "METERS_NO_VALUE";
    for (let index = 0; index < 3; index += 1) await expect(meter.read()).rejects.toThrow();
    expect(state.asked).toBe(3);
    state.code = "METERS_TIMEOUT";
    for (let index = 0; index < 3; index += 1) await expect(meter.read()).rejects.toThrow();
    expect(state.asked).toBe(4);
  });

  it("asks at once where the clock was set back, and begins anew after a success", async () => {
    const { state, meter } = world();
    state.code = "METERS_UNREACHABLE";
    await expect(meter.read()).rejects.toThrow();
    state.nowMs -= 3_600_000;
    state.code = "";
    await expect(meter.read()).resolves.toBe(reading);
    expect(meter.identity).toMatchObject({ makeModel: "Make", serial: "S" });
    state.code = "METERS_UNREACHABLE";
    await expect(meter.read()).rejects.toThrow();
    await expect(meter.read()).rejects.toMatchObject({ facts: { askedAgainInMs: 1_000 } });
  });

  it("gives nothing once it is closed", async () => {
    const { state, meter } = world();
    await meter.close();
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_ABSENT" });
    expect(state.asked).toBe(0);
  });
});
