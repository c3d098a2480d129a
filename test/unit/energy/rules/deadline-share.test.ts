import { describe, expect, it } from "vitest";

import { deadlineShare } from "../../../../src-main/energy/rules/deadline-share.ts";

const HOUR_MS = 3_600_000;

describe("deadlineShare", () => {
  it("is what the steps that are left need of the time that is left, with a margin", () => {
    // 900 steps of 2 s are half an hour, with the margin 37.5 minutes of 99.
    const unit = { step: 100, steps: 1_000, workedMs: 200_000, leftMs: 100 * 60_000 };
    expect(deadlineShare(unit)).toBeCloseTo(37.5 / 99, 9);
    expect(deadlineShare({ ...unit, leftMs: 24 * HOUR_MS })).toBeLessThan(0.03);
    expect(deadlineShare({ ...unit, leftMs: 30_000 })).toBe(1);
    expect(deadlineShare({ ...unit, leftMs: 5 * 60_000 })).toBe(1);
    expect(deadlineShare({ ...unit, step: 1_000 })).toBe(0);
  });

  it("asks for nothing where nothing is known, or it is too late", () => {
    const unit = { step: 10, steps: 1_000, workedMs: 20_000, leftMs: HOUR_MS };
    for (const none of [{ step: 0 }, { workedMs: 0 }, { leftMs: 0 }, { leftMs: -5 }]) {
      expect(deadlineShare({ ...unit, ...none })).toBe(0);
    }
  });
});
