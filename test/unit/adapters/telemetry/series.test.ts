import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { joinPoints, seriesSource } from "../../../../src-main/adapters/telemetry/series.ts";

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const sourceOf = (agoMs: number, points = 512) =>
  seriesSource({ fromMs: NOW - agoMs, toMs: NOW, points }, NOW).stepMs;

describe("seriesSource", () => {
  it("is fine for a short span and coarse for a long one", () => {
    expect(sourceOf(300_000)).toBe(1_000);
    expect(sourceOf(HOUR, 360)).toBe(10_000);
    expect(sourceOf(6 * HOUR)).toBe(10_000);
    expect(sourceOf(5 * DAY)).toBe(60_000);
    expect(sourceOf(365 * DAY)).toBe(900_000);
  });

  it("takes rows that still exist, however few points that gives", () => {
    const old = { fromMs: NOW - 10 * DAY, toMs: NOW - 10 * DAY + 60_000, points: 512 };
    expect(seriesSource(old, NOW).stepMs).toBe(60_000);
    const ancient = { fromMs: 0, toMs: NOW, points: 512 };
    expect(seriesSource(ancient, NOW).stepMs).toBe(900_000);
  });
});

describe("joinPoints", () => {
  it("gives at most the points asked for, loses no sample and never fills a gap", () => {
    const rowsOf = fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { maxLength: 400 });
    fc.assert(
      fc.property(rowsOf, fc.integer({ min: 2, max: 512 }), (numbers, points) => {
        const rows = numbers
          .sort((left, right) => left - right)
          .map((row) => ({ row, samples: 10, mean: row, least: row - 1, greatest: row + 1 }));
        const span = { fromMs: 0, toMs: 5_001 * 10_000, points };
        const joined = joinPoints(rows, { level: 0, stepMs: 10_000 }, span);
        expect(joined.points.length).toBeLessThanOrEqual(points);
        const samples = joined.points.reduce((sum, point) => sum + point.samples, 0);
        expect(samples).toBe(rows.length * 10);
        for (const { atMs, mean, least, greatest } of joined.points) {
          const own = rows.filter(
            ({ row }) => row * 10_000 >= atMs && row * 10_000 < atMs + joined.stepMs,
          );
          expect(own.length).toBeGreaterThan(0);
          expect(least).toBe(own[0].row - 1);
          expect(greatest).toBe(own[own.length - 1].row + 1);
          expect(mean).toBeCloseTo(own.reduce((sum, { row }) => sum + row, 0) / own.length, 6);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("leaves rows as they are where they are few enough", () => {
    const rows = [7, 9].map((row) => ({ row, samples: 1, mean: 1, least: 1, greatest: 1 }));
    const span = { fromMs: 0, toMs: 20_000, points: 20 };
    const { stepMs, points } = joinPoints(rows, { level: -1, stepMs: 1_000 }, span);
    expect(stepMs).toBe(1_000);
    expect(points.map(({ atMs }) => atMs)).toEqual([7_000, 9_000]);
  });
});
