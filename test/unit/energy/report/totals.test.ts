import { describe, expect, it } from "vitest";
import type { EnergyReport, ReportInterval } from "../../../../src-main/contract/energy-report.ts";
import { totalsOf } from "../../../../src-main/energy/report/totals.ts";

const HOUR: ReportInterval = {
  start: "2026-06-20T00:00:00Z",
  load_wh: 1_000,
  load_src: "plug",
  coverage: 1,
  quality: "measured",
  own_wh: 0,
  storage_wh: 0,
  gc_wh: 0,
  grid_g_per_kwh: 100,
  grid_cfe: 0.5,
  residual_g_per_kwh: 200,
};

const SOURCES = [
  {
    id: "plug",
    role: "load",
    kind: "smart-plug",
    tier: "B-metered",
    uncertainty_pct: 1,
    meter_signed: false,
  },
] satisfies EnergyReport["sources"];

function totals(
  changes: readonly Partial<ReportInterval>[],
  own_attributes: EnergyReport["own_attributes"] = "retained",
) {
  const intervals = changes.map((change) => ({ ...HOUR, ...change }));
  return totalsOf({ intervals, sources: SOURCES, own_attributes });
}

/** Four hours at 1 kWh with 0, 0.4, 1.5 and 0 kWh of the own plant. */
const OWN = [{ own_wh: 0 }, { own_wh: 400 }, { own_wh: 1_500 }, { own_wh: 0 }];

describe("energy/report/totals", () => {
  it("never carries surplus over: 47.5 % of the volume are 35 % hour by hour", () => {
    expect(totals(OWN)).toMatchObject({ load_wh: 4_000, matched_wh: 1_400, hourly_match: 0.35 });
  });

  it("counts attributes that were sold, or that nobody knows, as nothing", () => {
    for (const attributes of ["sold", "unknown", "none"] as const) {
      expect(totals(OWN, attributes)).toMatchObject({ matched_wh: 0, hourly_match: 0 });
    }
  });

  it("weighs what was bought by the grid, and what was not matched by the residual mix", () => {
    expect(totals(OWN)).toMatchObject({ location_g: 260, market_g: 520, cfe_score: 0.675 });
    expect(totals(OWN, "sold")).toMatchObject({ location_g: 260, market_g: 800, cfe_score: 0.5 });
  });

  it("is null where a factor is missing that energy needs, and not zero", () => {
    const missing = { grid_g_per_kwh: null, grid_cfe: null, residual_g_per_kwh: null };
    const unknown = { location_g: null, market_g: null, cfe_score: null };
    expect(totals([{}, missing])).toMatchObject(unknown);
    const needless = totals([{}, { ...missing, own_wh: 1_000 }]);
    expect(needless).toMatchObject({ location_g: 100, market_g: 200, cfe_score: 0.75 });
  });

  it("rounds shares down and burdens up", () => {
    const third = totals([{ load_wh: 3, own_wh: 1, grid_g_per_kwh: 0.001, coverage: 0.9999 }]);
    expect(third).toMatchObject({ hourly_match: 0.3333, measured_share: 0.9999 });
    expect(third.location_g).toBe(0.001);
  });

  it("calls nothing measured that was modelled or filled", () => {
    expect(totals([{}, { quality: "gap-filled" }]).measured_share).toBe(0.5);
    expect(totals([{ quality: "modelled" }]).measured_share).toBe(0);
    expect(totals([{ load_wh: 0 }])).toMatchObject({ measured_share: 0, hourly_match: 0 });
  });
});
