import { describe, expect, it } from "vitest";

import { factorAt, hourlyFactors, meanFactor } from "../../../../src-main/energy/sources/index.ts";

const HOUR = 3_600_000;
const spans = [
  { startMs: 0, endMs: HOUR / 2, value: 100 },
  { startMs: HOUR / 2, endMs: HOUR, value: 300 },
  { startMs: HOUR, endMs: 2 * HOUR, value: 50 },
];

describe("a factor", () => {
  it("of a stretch is the mean by time", () => {
    expect(meanFactor(spans, 0, HOUR)).toBe(200);
    expect(meanFactor([...spans].reverse(), HOUR / 4, HOUR)).toBe(233);
  });

  it("is null where a part of the stretch has none", () => {
    expect(meanFactor(spans, HOUR, 2 * HOUR + 1)).toBeNull();
    expect(meanFactor([], 0, 1)).toBeNull();
  });

  it("of a moment is that of its span", () => {
    expect(factorAt(spans, HOUR)?.value).toBe(50);
    expect(factorAt(spans, 2 * HOUR)).toBeNull();
  });

  it("is foretold hour by hour, of the hour that runs by what is left", () => {
    const hours = hourlyFactors(spans, HOUR / 2, 3);
    expect(hours.map(({ value }) => value)).toEqual([300, 50, null]);
    expect(hours[1].startMs).toBe(HOUR);
  });
});
