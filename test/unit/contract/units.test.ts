import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  exactViv,
  formatAccuracy,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatViv,
  parseViv,
  shortHex,
} from "../../../src-main/contract/units.ts";

const VIV = 10n ** 18n;

describe("amounts", () => {
  it("shows two decimals and never more than is there", () => {
    expect(formatViv(12_400_000_000_000_000_000n)).toBe("12.40 VIV");
    expect(formatViv(0n)).toBe("0.00 VIV");
    expect(formatViv(999_999_999_999_999_999n)).toBe("0.99 VIV");
    expect(formatViv(1_234_567n * VIV)).toBe("1 234 567.00 VIV");
    expect(formatViv(-3n * VIV)).toBe("-3.00 VIV");
  });

  it("does not show a small positive amount as nothing", () => {
    expect(formatViv(1n)).toBe("0.000000000000000001 VIV");
    expect(formatViv(630_000_000_000_000n)).toBe("0.00063 VIV");
    expect(formatViv(12_650_000_000_000_000n)).toBe("0.012 VIV");
    expect(formatViv(500_000_000_000_000_000n)).toBe("0.50 VIV");
  });

  it("writes all 18 decimals where they count", () => {
    expect(exactViv(12_400_000_000_000_000_001n)).toBe("12.400000000000000001");
    expect(exactViv(1n)).toBe("0.000000000000000001");
    expect(exactViv(1_000n * VIV)).toBe("1000");
  });

  it("reads back exactly what it wrote", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n }), (amount) => {
        expect(parseViv(exactViv(amount))).toBe(amount);
      }),
    );
  });

  it("refuses a nineteenth decimal, signs, exponents and empty parts", () => {
    for (const text of ["0.0000000000000000001", "+1", "1e3", ".5", "1.", "01", "1 000", ""]) {
      expect(parseViv(text)).toBeNull();
    }
  });
});

describe("measures", () => {
  it("names durations in at most two units", () => {
    expect(formatDuration(850)).toBe("850 ms");
    expect(formatDuration(9_400)).toBe("9.4 s");
    expect(formatDuration(9_960)).toBe("10 s");
    expect(formatDuration(70_000)).toBe("1 min 10 s");
    expect(formatDuration(120_000)).toBe("2 min");
    expect(formatDuration(7_500_000)).toBe("2 h 5 min");
    expect(formatDuration(273_600_000)).toBe("3 d 4 h");
  });

  it("sets thousands apart and agrees with the number", () => {
    expect(formatCount(10_482)).toBe("10 482");
    expect(formatCount(999)).toBe("999");
    expect(formatNumberOf(1, "slot", "slots")).toBe("1 slot");
    expect(formatNumberOf(0, "slot", "slots")).toBe("0 slots");
  });

  it("rounds accuracy down", () => {
    expect(formatAccuracy(978, 1_000)).toBe("97.8 %");
    expect(formatAccuracy(9_699, 10_000)).toBe("96.9 %");
    expect(formatAccuracy(1, 1)).toBe("100.0 %");
  });

  it("does not show a small share as nothing", () => {
    expect(formatPercent(0.004)).toBe("0.4 %");
    expect(formatPercent(0.000_1)).toBe("less than 0.1 %");
    expect(formatPercent(0)).toBe("0.0 %");
  });

  it("writes sizes, rates and shortened hex", () => {
    expect(formatBytes(512)).toBe("512 B");
    expect(formatBytes(16_752_218_112)).toBe("15.6 GiB");
    expect(formatRate(213.6)).toBe("214");
    expect(formatRate(8.31)).toBe("8.3");
    expect(shortHex("7f31000000000000a1c0")).toBe("7f31…a1c0");
    expect(shortHex("0x7f31000000000000a1c0")).toBe("0x7f31…a1c0");
  });
});
