import { describe, expect, it } from "vitest";

import { EnergyTrack } from "../../../../../src-main/energy/index.ts";
import type { UnitStatus } from "../../../../../src-main/miner/index.ts";
import type { EnergyStore, UnitEnergy } from "../../../../../src-main/ports/energy-store.ts";
import type { MeterIdentity } from "../../../../../src-main/ports/meter.ts";
import { UnitEnergies } from "../../../../../src-main/processes/daemon/energy/unit-energy.ts";

const HOUR = 3_600_000;
const UNIT = "ab".repeat(32);
const plug = { id: "plug", role: "load", tier: "B", boundary: "wall", device: null };

/** A unit that trains on 1 kW from one moment to another, counted each 10 s but for a gap. */
function trained(
  fromMs: number,
  toMs: number,
  change: { readonly priceAt?: (atMs: number) => number; readonly gapFromMs?: number },
): UnitEnergy {
  const track = new EnergyTrack();
  let nowMs = 0;
  const figures: UnitEnergy[] = [];
  const store = {
    putUnit: (energy: UnitEnergy) => void figures.push(energy),
    unit: () => figures,
  } as unknown as EnergyStore;
  const units = new UnitEnergies({
    store,
    identities: () => [plug as unknown as MeterIdentity],
    sumAt: (_, atMs) => track.at(atMs),
    newest: () => track.newest() ?? null,
    device: "cpu",
    nowMs: () => nowMs,
    priceAt: change.priceAt ?? (() => 100_000),
    currency: "INR",
  });
  const look = (phase: string) => {
    units.look([{ unit: UNIT, job: "", step: 0, payments: [], phase } as unknown as UnitStatus]);
  };
  track.add(0, 0, 0);
  for (nowMs = 10_000; nowMs <= toMs; nowMs += 10_000) {
    if (nowMs <= (change.gapFromMs ?? toMs)) track.add(nowMs, 1_000 * 10_000, 10_000);
    if (nowMs === fromMs) look("training");
  }
  nowMs = toMs;
  look("sealed");
  units.settle(true);
  return figures[0];
}

describe("processes/daemon/energy/unit-energy", () => {
  it("takes the price of the row where an owner's hour begins between two of ours", () => {
    const priceAt = (atMs: number) => (atMs < HOUR / 2 ? 100_000 : 500_000);
    const { millijoules, costMicros } = trained(HOUR / 4, (HOUR * 3) / 4, { priceAt });
    expect(millijoules).toBe(1_800_000_000);
    expect(costMicros).toBe(25_000 + 125_000);
  });

  it("is no better than a model's where little of it was measured", () => {
    expect(trained(60_000, 600_000, {})).toMatchObject({ tier: "B", quality: "measured" });
    const half = trained(60_000, 600_000, { gapFromMs: 330_000 });
    expect(half).toMatchObject({ tier: "D", quality: "modelled", coverageMillionths: 500_000 });
  });

  it("knows its begin although readings came each second since, for half a day", () => {
    const day = trained(HOUR, 60 * HOUR, {});
    expect(day).toMatchObject({ millijoules: 59 * KWH, coverageMillionths: 1_000_000 });
  });
});

const KWH = 3_600_000_000;
