import { describe, expect, it } from "vitest";

import { costOf, priceAt } from "../../../../src-main/energy/account/index.ts";

const KWH = 3_600_000_000;
const needs = { hourOfWeek: (atMs: number) => atMs, signal: (atMs: number) => atMs };

describe("a price", () => {
  it("is flat, by the hour of the week, from a signal, or not known", () => {
    const flat = { kind: "flat", currency: "EUR", microsPerKwh: 300_000 } as const;
    expect(priceAt(flat, 7, needs)).toBe(300_000);
    const microsPerKwh = Array.from({ length: 168 }, (_, hour) => hour);
    const week = { kind: "hour-of-week", currency: "EUR", microsPerKwh } as const;
    expect(priceAt(week, 167, needs)).toBe(167);
    expect(priceAt(week, 168, needs)).toBeNull();
    const rest = { currency: "EUR", addedMicros: 150_000, factorMillionths: 1_190_000 };
    const signal = { kind: "signal", ...rest } as const;
    expect(priceAt(signal, 100_000, needs)).toBe(269_000);
    expect(priceAt(signal, -100_000, needs)).toBe(31_000);
    expect(priceAt(signal, 0, { ...needs, signal: () => null })).toBeNull();
    expect(priceAt({ kind: "none" }, 0, needs)).toBeNull();
  });
});

describe("a cost", () => {
  it("is the energy of each time at its price, rounded once", () => {
    const parts = Array.from({ length: 3 }, () => ({ millijoules: KWH / 3, microsPerKwh: 1 }));
    expect(costOf(parts)).toBe(1);
    expect(costOf([{ millijoules: KWH, microsPerKwh: -20_000 }])).toBe(-20_000);
    expect(costOf([])).toBe(0);
  });

  it("is not known where a price is missing for energy that was used", () => {
    expect(costOf([{ millijoules: 1, microsPerKwh: null }])).toBeNull();
    expect(costOf([{ millijoules: 0, microsPerKwh: null }])).toBe(0);
  });
});
