import { describe, expect, it } from "vitest";

import type { EnergyStore } from "../../../../../src-main/ports/energy-store.ts";
import type { MeterIdentity } from "../../../../../src-main/ports/meter.ts";
import * as own from "../../../../../src-main/processes/daemon/reports/unit-energy-meter.ts";
import { PLUG } from "../../../../worlds/energy-day.ts";

const MODEL: MeterIdentity = {
  ...PLUG,
  id: "tdp-processor",
  kind: "tdp-model",
  tier: "D",
  boundary: "accelerators",
  device: "cpu",
};
const MINUTE = 60_000;

/** A meter of a machine whose plug once counted, and of which others are open now. */
function bound() {
  const state = { nowMs: 0, live: [] as { identity: MeterIdentity; counted: { atMs: number } }[] };
  const store = {
    sources: () => ["plug-desk"],
    identities: () => [{ fromMs: 0, identity: PLUG }],
    unit: () => [],
  } as unknown as EnergyStore;
  const meter = new own.OwnUnitMeter({ nowMs: () => state.nowMs, after: () => () => undefined });
  meter.bind(store, "cpu", () => state.live);
  return { state, meter };
}

describe("processes/daemon/reports/unit-energy-meter", () => {
  it("promises no tier of a meter that is gone, but waits for meters to be opened", () => {
    const { state, meter } = bound();
    expect(meter.tier()).toBe(4);
    state.nowMs = 2 * MINUTE;
    expect(meter.tier()).toBe(0);
    state.live = [{ identity: MODEL, counted: { atMs: state.nowMs } }];
    expect(meter.tier()).toBe(2);
  });

  it("promises no tier of a meter that is silent", () => {
    const { state, meter } = bound();
    state.nowMs = 5 * MINUTE;
    state.live = [{ identity: PLUG, counted: { atMs: 4 * MINUTE } }];
    expect(meter.tier()).toBe(4);
    state.nowMs = 7 * MINUTE;
    expect(meter.tier()).toBe(0);
  });
});
