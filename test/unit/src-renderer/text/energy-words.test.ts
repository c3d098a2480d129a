import { describe, expect, it } from "vitest";
import type {
  EnergyHours,
  EnergyTotals,
} from "../../../../src-main/contract/control-api/energy.ts";
import {
  batteryText,
  boundaryText,
  coverageText,
  energyText,
  gramsText,
  hoursSummary,
  joulesText,
  matchText,
  moneyText,
  rewardEnergyText,
  rewardProfitText,
  tierNumberText,
  tierText,
  wattsText,
} from "../../../../src-renderer/text/energy-words.ts";
import { energyHour, energyTotals } from "../../../generators/energy-rows.ts";

const tierOf = (letter: string): string => tierText(letter as "A");
const totals = (change: Partial<EnergyTotals>): EnergyTotals => ({ ...energyTotals(), ...change });

describe("src-renderer/text/energy-words", () => {
  it("says a tier by the ledger's number of it, and a number that is none as one", () => {
    expect([1, 2, 3, 4, 5].map(tierNumberText)).toEqual(["E", "D", "C", "B", "A"].map(tierOf));
    expect(tierNumberText(6)).toBe("tier number 6");
  });

  it("says of a battery how full it is and what it gives, as far as it says so", () => {
    const said = (storageShare: number | null, storageWatts: number | null) =>
      batteryText({ storageShare, storageWatts });
    expect(said(0.625, 310)).toBe("battery 62 % full, gives 310 W");
    expect(said(0.29, null)).toBe("battery 29 % full");
    expect(said(0.999, null)).toBe("battery 99 % full");
    expect(said(null, 0)).toBe("battery gives 0.0 W");
    expect(said(null, null)).toBeNull();
  });

  it("writes energy in the unit it is read in, and what nobody knows as a dash", () => {
    expect(energyText(0)).toBe("0.00 Wh");
    expect(energyText(1_500_000)).toBe("0.42 Wh");
    expect(energyText(812 * 3_600_000)).toBe("812 Wh");
    expect(energyText(1_240 * 3_600_000)).toBe("1.24 kWh");
    expect(energyText(3.1e6 * 3_600_000)).toBe("3.10 MWh");
    expect(energyText(null)).toBe("–");
  });

  it("writes watts, joules, money and grams", () => {
    expect([7.25, 214.4, 12_340, -80, null].map(wattsText)).toEqual([
      "7.3 W",
      "214 W",
      "12.3 kW",
      "−80 W",
      "–",
    ]);
    expect([0.0042, 1.2, 310, 235_742, null].map(joulesText)).toEqual([
      "0.0042 J",
      "1.20 J",
      "310 J",
      "236 kJ",
      "–",
    ]);
    expect(moneyText(120_000, "EUR")).toBe("0.12 EUR");
    expect(moneyText(1_230, "EUR")).toBe("0.0012 EUR");
    expect(moneyText(-2_000_000, "EUR")).toBe("−2.00 EUR");
    expect(moneyText(0, "EUR")).toBe("0.00 EUR");
    expect(moneyText(5, null)).toBe("–");
    expect(moneyText(null, "EUR")).toBe("–");
    expect([412, 1_300, null].map(gramsText)).toEqual(["412 g", "1.30 kg", "–"]);
  });

  it("says of a match only what was measured, rounded down", () => {
    expect(matchText(totals({ hourlyMatch: 0.6299, tier: "B" }))).toBe(
      "62 % of metered kWh matched hourly (tier B)",
    );
    expect(matchText(totals({ hourlyMatch: 0, tier: "D" }))).toMatch(/^0 % of modelled kWh/);
    expect(matchText(totals({ hourlyMatch: 1, tier: "E" }))).toMatch(/^100 % of declared kWh/);
    expect(matchText(totals({ hourlyMatch: null, tier: "B" }))).toBeNull();
    expect(matchText(totals({ hourlyMatch: 0.5, tier: null }))).toBeNull();
  });

  it("says what a figure contains and how much of the time was seen", () => {
    expect(tierText("B")).toBe("B metered");
    expect(boundaryText("wall")).toBe("all behind the plug");
    expect(boundaryText(null)).toBe("nothing is measured");
    expect(coverageText(totals({ coverage: 1 }))).toBe("no gaps");
    expect(coverageText(totals({ coverage: 0.9 }))).toBe("90.0 % of the time measured");
    expect(coverageText(totals({ coverage: 0 }))).toBe("nothing measured");
  });

  it("sums a chart up for those who do not see it", () => {
    const rows = [energyHour(0, { loadMillijoules: 3_600_000 }), energyHour(1, {})];
    const hours: EnergyHours = {
      fromMs: 0,
      toMs: 7_200_000,
      step: 3_600,
      boundary: "wall",
      attributes: "retained",
      zone: null,
      currency: null,
      rows,
      totals: totals({ loadMillijoules: 3_600_000, ownMillijoules: null }),
    };
    expect(hoursSummary(hours)).toBe("Load against supply: 1.00 Wh used; 1 of 2 rows measured.");
    const none = { ...hours, rows: [energyHour(0, {})] };
    expect(hoursSummary(none)).toBe("Load against supply: nothing measured in this time.");
  });
});

describe("a reward's energy", () => {
  const energy = {
    unit: "ab".repeat(32),
    millijoules: 44_640_000,
    tier: "B" as const,
    coverage: 1,
    currency: "EUR",
    costMicros: 3_720,
    profitMicros: 1_200_000,
    profitAfterEnergyMicros: 1_196_280,
  };

  it("is told with its tier and cost, and the profit without and with it", () => {
    expect(rewardEnergyText(energy)).toBe(
      "Its training took 12.4 Wh (B metered), at a cost of 0.0037 EUR.",
    );
    expect(rewardProfitText(energy, "")).toBe(
      "Profit at the worth you set: 1.2000 EUR without energy, 1.1963 EUR with it.",
    );
    expect(rewardEnergyText({ ...energy, millijoules: 12_500 })).toMatch(/took 12\.5 J \(B/);
    const part = { ...energy, coverage: 0.4, costMicros: null };
    expect(rewardEnergyText(part)).toBe(
      "Its training took 12.4 Wh (B metered, 40 % of its time); no tariff says what that cost.",
    );
  });

  it("is said to be unknown where it is", () => {
    const unread = { ...energy, millijoules: null, tier: null, costMicros: null };
    expect(rewardEnergyText(unread)).toBe("What its training took was not metered here.");
    const before = { ...unread, profitAfterEnergyMicros: null };
    expect(rewardProfitText(before, "")).toMatch(/1\.20 EUR without energy, with it not known\.$/);
    expect(rewardProfitText({ ...before, profitMicros: null }, "practice, no value")).toBe(
      "Profit is not reckoned: no worth of a VIV is set (practice, no value).",
    );
  });
});
