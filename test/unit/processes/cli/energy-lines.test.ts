import { describe, expect, it } from "vitest";

import type { EnergyHours, EnergyUnits } from "../../../../src-main/contract/control-api/index.ts";
import {
  costWords,
  energyWords,
  hourLines,
  rewardWords,
  unitLines,
} from "../../../../src-main/processes/cli/energy-lines.ts";

const totals: EnergyHours["totals"] = {
  loadMillijoules: 7_200_000_000,
  ownMillijoules: 3_600_000_000,
  measuredShare: 0.5,
  coverage: 0.5,
  matchedMillijoules: 3_600_000_000,
  hourlyMatch: 0.5,
  cfeScore: null,
  locationGrams: 342.06,
  marketGrams: null,
  costMicros: 640_000,
  currency: "EUR",
  tier: "B",
  uncertaintyPercent: 1,
};

const hour: EnergyHours["rows"][number] = {
  startMs: Date.UTC(2026, 10, 22, 10),
  loadMillijoules: 7_200_000_000,
  devices: [],
  restMillijoules: null,
  ownMillijoules: 3_600_000_000,
  storageMillijoules: null,
  gridMillijoules: 3_600_000_000,
  matchedMillijoules: 3_600_000_000,
  surplusMillijoules: 0,
  coverage: 1,
  quality: "measured",
  tier: "B",
  source: "plug",
  clock: "synchronised",
  resets: 0,
  gridGramsPerKwh: 342.06,
  gridEstimated: true,
  gridSource: "static-table",
  gridCarbonFree: null,
  marginalGramsPerKwh: null,
  residualGramsPerKwh: null,
  priceMicrosPerKwh: 320_000,
  costMicros: 640_000,
};

const unread = {
  ...hour,
  startMs: Date.UTC(2026, 10, 22, 11),
  loadMillijoules: null,
  coverage: 0,
  quality: null,
  tier: null,
};

describe("words", () => {
  it("of energy fit its size and never make a zero of what nobody read", () => {
    expect([0, 132_000, 3_600_000, 5_400_000_000, null].map(energyWords)).toEqual([
      "0.0 J",
      "132.0 J",
      "1.0 Wh",
      "1.500 kWh",
      "not known",
    ]);
  });

  it("of money show every digit below a cent", () => {
    expect(costWords(12, "EUR")).toBe("0.000012 EUR");
    expect(costWords(640_000, "EUR")).toBe("0.64 EUR");
    expect(costWords(null, "EUR")).toBe("not known");
  });
});

describe("hours", () => {
  it("have a bar with what was matched, and say where nothing was read", () => {
    const { rows, ...rest } = {
      fromMs: hour.startMs,
      toMs: hour.startMs + 7_200_000,
      step: 3_600,
      boundary: "wall" as const,
      attributes: "retained" as const,
      zone: "DE",
      currency: "EUR",
      rows: [hour, unread],
      totals,
    };
    const lines = hourLines({ ...rest, rows });
    expect(lines[1]).toContain(`${"█".repeat(16)}${"░".repeat(16)}`);
    expect(lines[1]).toContain("2026-11-22 10:00");
    expect(lines[1]).toContain("0.64 EUR");
    expect(lines[2]).toContain("no reading");
    expect(lines.join("\n")).toContain("50.0 % of metered kWh matched hourly (tier B)");
    expect(lines.join("\n")).not.toContain("market-based");
  });

  it("say what certificates matched without an own plant, and nothing without either", () => {
    const span = {
      ...{ fromMs: hour.startMs, toMs: hour.startMs + 3_600_000, step: 3_600, boundary: null },
      ...{ attributes: "none" as const, zone: "DE", currency: null, rows: [hour] },
    };
    const plantless = { ...totals, ownMillijoules: null };
    expect(hourLines({ ...span, totals: plantless }).join("\n")).toContain("50.0 % of metered kWh");
    const modelled = { ...plantless, tier: "D" as const };
    const lines = hourLines({ ...span, totals: modelled }).join("\n");
    expect(lines).toContain("50.0 % of modelled kWh matched hourly (tier D)");
    const bought = { ...plantless, matchedMillijoules: 0, hourlyMatch: 0 };
    expect(hourLines({ ...span, totals: bought }).join("\n")).not.toContain("matched hourly");
  });
});

describe("units", () => {
  it("say that rewards without a value are no profit", () => {
    const units: EnergyUnits = {
      currency: "EUR",
      valueNote: "practice, no value",
      units: [],
      totals: {
        units: 1,
        paid: 1,
        millijoules: 132_000,
        joulesPerStep: 0.047,
        rewardBase: "12000000000000000000",
        joulesPerViv: 0.011,
        costMicros: 12,
        profitMicros: null,
        profitAfterEnergyMicros: null,
      },
    };
    expect(unitLines(units)).toEqual([
      "No unit is counted yet; one is listed some seconds after its training.",
    ]);
    const one = {
      unit: "ab".repeat(32),
      job: "cd".repeat(32),
      jobName: "digits-cnn",
      device: "cpu",
      sources: ["plug"],
      tier: "B" as const,
      startMs: 0,
      endMs: 8_000,
      trainings: 1,
      millijoules: 132_000,
      coverage: 1,
      quality: "measured" as const,
      steps: 2_812,
      outcome: "paid" as const,
      joulesPerStep: 0.047,
      rewardBase: "12000000000000000000",
      joulesPerViv: 0.011,
      costMicros: 12,
      profitMicros: null,
      profitAfterEnergyMicros: null,
    };
    const text = unitLines({ ...units, units: [one] }).join("\n");
    expect(text).toContain("0.047 J");
    expect(text).toContain("12 VIV (practice, no value)");
    expect(text).toContain("none: the rewards have no value here");
    const reckoned = { ...units.totals, profitMicros: 600_000, profitAfterEnergyMicros: 599_988 };
    const said = unitLines({ ...units, units: [one], totals: reckoned }).join("\n");
    expect(said).toContain("0.60 EUR, by your viv_value alone (practice, no value)");
  });
});

describe("a reward", () => {
  const energy = {
    unit: "ab".repeat(32),
    millijoules: 132_000,
    tier: "B" as const,
    coverage: 1,
    currency: "EUR",
    costMicros: 12,
    profitMicros: 640_000,
    profitAfterEnergyMicros: 639_988,
  };

  it("says what its training took, and the profit without and with it", () => {
    expect(rewardWords(energy)).toBe(
      "energy 132.0 J (tier B), cost 0.000012 EUR; profit 0.640000 EUR, " +
        "after energy 0.639988 EUR",
    );
    const part = { ...energy, coverage: 0.5, profitMicros: null, profitAfterEnergyMicros: null };
    expect(rewardWords(part)).toBe("energy 132.0 J (tier B, 50 % covered), cost 0.000012 EUR");
  });

  it("is not metered where nobody read, and has no profit in no currency", () => {
    const unread = { ...energy, millijoules: null, tier: null, costMicros: null };
    const unknown = { ...unread, profitAfterEnergyMicros: null };
    expect(rewardWords(unknown)).toBe("energy not metered here; profit 0.64 EUR");
    expect(rewardWords({ ...unknown, currency: null })).toBe("energy not metered here");
  });
});
