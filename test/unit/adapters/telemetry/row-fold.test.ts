import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { RowFold } from "../../../../src-main/adapters/telemetry/row-fold.ts";
import { TELEMETRY_FIELDS, TELEMETRY_LEVELS } from "../../../../src-main/ports/telemetry-store.ts";
import type { TelemetryRow } from "../../../../src-main/ports/telemetry-store.ts";

const figures = (celsius: number | null) =>
  TELEMETRY_FIELDS.map((field) => (field === "celsius" ? celsius : null));
const CELSIUS = TELEMETRY_FIELDS.indexOf("celsius");

const foldAll = (samples: readonly (readonly [number, number | null])[]): TelemetryRow[] => {
  const fold = new RowFold("gpu-0");
  const rows = samples.flatMap(([atMs, celsius]) => fold.take(atMs, figures(celsius)));
  return [...rows, ...fold.end()];
};

describe("RowFold", () => {
  it("makes mean, least and greatest of 10 s, a minute and a quarter of an hour", () => {
    const rows = foldAll([
      [900_000_000, 40],
      [900_001_000, 60],
      [900_002_000, null],
      [900_010_000, 80],
    ]);
    const ofCelsius = rows.map(({ level, row, figures: all }) => ({ level, row, ...all[CELSIUS] }));
    expect(ofCelsius).toEqual([
      { level: 0, row: 90_000, samples: 2, mean: 50, least: 40, greatest: 60 },
      { level: 0, row: 90_001, samples: 1, mean: 80, least: 80, greatest: 80 },
      { level: 1, row: 15_000, samples: 3, mean: 60, least: 40, greatest: 80 },
      { level: 2, row: 1_000, samples: 3, mean: 60, least: 40, greatest: 80 },
    ]);
    expect(rows[0].figures.filter((figure) => figure !== null)).toHaveLength(1);
  });

  it("counts each sample once at each level, however the clock jumps", () => {
    const step = fc.integer({ min: -40_000, max: 2_000_000 });
    const sample = fc.tuple(step, fc.option(fc.integer({ min: -20, max: 120 })));
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), (steps) => {
        let atMs = 1_700_000_000_000;
        const samples = steps.map(([by, value]) => [(atMs += by), value] as const);
        const rows = foldAll(samples);
        const seen = samples.filter(([, value]) => value !== null);
        TELEMETRY_LEVELS.forEach(({ stepMs }, level) => {
          const own = rows.filter((row) => row.level === level);
          const counted = own.reduce((sum, row) => sum + (row.figures[CELSIUS]?.samples ?? 0), 0);
          expect(counted).toBe(seen.length);
          for (const { row, figures: all } of own) {
            const within = seen.filter(([at]) => Math.floor(at / stepMs) === row);
            const values = within.map(([, value]) => value ?? 0);
            const figure = all[CELSIUS];
            if (figure === null) continue;
            expect(figure.least).toBeGreaterThanOrEqual(Math.min(...values));
            expect(figure.greatest).toBeLessThanOrEqual(Math.max(...values));
          }
        });
      }),
      { numRuns: 60 },
    );
  });
});
