import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { matchRow, sourceTotals } from "../../../../src-main/energy/sources/index.ts";
import type { SourceRow } from "../../../../src-main/energy/sources/index.ts";

const KWH = 3_600_000_000;

function row(rest: Partial<SourceRow>): SourceRow {
  return {
    loadMillijoules: KWH,
    ownMillijoules: 0,
    storageMillijoules: 0,
    chargedMillijoules: 0,
    certificateMillijoules: 0,
    gridMilligrams: null,
    residualMilligrams: null,
    carbonFreeMillionths: null,
    ...rest,
  };
}

/** Four hours at 1 kWh with 0, 0.4, 1.5 and 0 kWh of the own roof. */
const example = [0, 0.4, 1.5, 0].map((kwh) => row({ ownMillijoules: kwh * KWH }));

describe("matching", () => {
  it("by the hour gives 35 % where volumes would give 47.5 %", () => {
    const totals = sourceTotals(example, "retained");
    expect(totals.hourlyMatch).toBe(0.35);
    expect(totals.volumeMatch).toBe(0.475);
  });

  it("gives nothing where the attributes were sold, are unknown, or none are kept", () => {
    for (const attributes of ["sold", "unknown", "none"] as const) {
      expect(sourceTotals(example, attributes).hourlyMatch).toBe(0);
    }
  });

  it("takes certificates of the row alone, and own energy once", () => {
    const certified = row({ certificateMillijoules: 0.3 * KWH, ownMillijoules: 0.2 * KWH });
    expect(matchRow(certified, "sold").matchedMillijoules).toBe(0.3 * KWH);
    expect(matchRow(certified, "retained").matchedMillijoules).toBe(0.5 * KWH);
    // What went into storage is matched when it comes back, not now.
    const charged = row({ ownMillijoules: KWH, chargedMillijoules: 0.75 * KWH });
    expect(matchRow(charged, "retained").matchedMillijoules).toBe(0.25 * KWH);
  });

  it("never matches more than the load, and never carries a surplus over", () => {
    const energy = fc.nat({ max: 5 * KWH });
    const any = fc.record({
      loadMillijoules: energy,
      ownMillijoules: energy,
      storageMillijoules: energy,
      chargedMillijoules: energy,
      certificateMillijoules: energy,
    });
    fc.assert(
      fc.property(fc.array(any), (rows) => {
        const full = rows.map((one) => row(one));
        const totals = sourceTotals(full, "retained");
        const each = full.map((one) => matchRow(one, "retained").matchedMillijoules);
        expect(totals.matchedMillijoules).toBe(each.reduce((all, one) => all + one, 0));
        full.forEach((one, index) => {
          expect(each[index]).toBeLessThanOrEqual(one.loadMillijoules);
        });
        if (totals.hourlyMatch !== null) {
          expect(totals.hourlyMatch).toBeLessThanOrEqual(totals.volumeMatch ?? 0);
        }
      }),
    );
  });
});

describe("totals of carbon", () => {
  const factors = { gridMilligrams: 400_000, residualMilligrams: 600_000 };

  it("stand side by side: what was bought by the average, the unmatched by the residual", () => {
    const rows = [row({ ...factors, ownMillijoules: 0.5 * KWH, carbonFreeMillionths: 500_000 })];
    const kept = sourceTotals(rows, "retained");
    expect([kept.locationGrams, kept.marketGrams, kept.cfeScore]).toEqual([200, 300, 0.75]);
    const sold = sourceTotals(rows, "sold");
    expect([sold.locationGrams, sold.marketGrams, sold.cfeScore]).toEqual([200, 600, 0.5]);
  });

  it("are null, not less, where a factor is missing for energy that was used", () => {
    const totals = sourceTotals([row(factors), row({ residualMilligrams: 1 })], "retained");
    expect(totals.locationGrams).toBeNull();
    expect(totals.marketGrams).not.toBeNull();
    expect(totals.cfeScore).toBeNull();
    const unused = [row(factors), row({ loadMillijoules: 0 })];
    expect(sourceTotals(unused, "retained").locationGrams).toBe(400);
  });

  it("without any load are no share", () => {
    expect(sourceTotals([], "retained")).toMatchObject({ hourlyMatch: null, cfeScore: null });
  });
});
