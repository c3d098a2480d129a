import { describe, expect, it } from "vitest";
import type { StatedEnergy, UnitEnergyMeter } from "../../../../src-main/miner/index.ts";
import { demandTier, energyStatement } from "../../../../src-main/miner/unit/state-energy.ts";

const UNIT = "ab".repeat(32);
const C = 3;

function meter(tier: number, stated: StatedEnergy | null = null): UnitEnergyMeter {
  return { tier: () => tier, energyOf: () => Promise.resolve(stated) };
}

describe("miner/unit/state-energy", () => {
  it("begins what its meters are good enough for, and nothing else", () => {
    demandTier({ energyTier: 0 }, undefined);
    demandTier({ energyTier: C }, meter(C));
    demandTier({ energyTier: C }, meter(5));
    const facts = { demanded: "C", here: "D" };
    const refused = expect.objectContaining({ code: "MINER_ENERGY_TIER", facts });
    expect(() => demandTier({ energyTier: C }, meter(2))).toThrow(refused);
    expect(() => demandTier({ energyTier: 1 }, undefined)).toThrow(
      expect.objectContaining({ code: "MINER_ENERGY_TIER" }),
    );
  });

  it("states what was counted", async () => {
    const stated = { tier: 4, millijoules: 12_345, startMs: 10, endMs: 20 };
    const payload = await energyStatement(UNIT, { energyTier: C }, meter(4, stated));
    expect(payload).toEqual({
      kind: "unit-energy",
      unit: new Uint8Array(32).fill(0xab),
      tier: 4,
      energyMillijoules: 12_345n,
      startMs: 10n,
      endMs: 20n,
    });
  });

  it("states nothing that was not counted, or by a lesser meter than demanded", async () => {
    const unknown = energyStatement(UNIT, { energyTier: C }, meter(4));
    await expect(unknown).rejects.toMatchObject({ code: "MINER_ENERGY_UNKNOWN" });
    const modelled = { tier: 2, millijoules: 1, startMs: 1, endMs: 2 };
    const lesser = energyStatement(UNIT, { energyTier: C }, meter(4, modelled));
    await expect(lesser).rejects.toMatchObject({ code: "MINER_ENERGY_TIER" });
  });
});
