import { describe, expect, it } from "vitest";

import {
  momentText,
  offsetText,
  spanUtcText,
  startOfDay,
  zonedText,
  zoneText,
} from "../../../../src-renderer/text/times.ts";

const NOON = new Date(2026, 2, 14, 12, 0, 0).getTime();
const MIDNIGHT = new Date(2026, 2, 14).getTime();

describe("momentText", () => {
  it("is the time alone from midnight on, and has the day before that", () => {
    expect(momentText(MIDNIGHT, NOON)).toBe("00:00:00");
    expect(momentText(NOON + 1_000, NOON)).toBe("12:00:01");
    expect(momentText(MIDNIGHT - 1, NOON)).toMatch(/13.* 23:59:59$/);
  });

  it("names the year of another one", () => {
    expect(momentText(new Date(2025, 11, 31).getTime(), NOON)).toMatch(/2025.* 00:00:00$/);
    expect(momentText(MIDNIGHT - 1, NOON)).not.toMatch(/2026/);
  });
});

describe("offsetText", () => {
  it("names the zone by its distance from UTC", () => {
    expect([0, 60, -210, 345].map(offsetText)).toEqual(["UTC", "UTC+1", "UTC−3:30", "UTC+5:45"]);
  });
});

describe("zonedText", () => {
  it("ends with this computer's zone", () => {
    expect(zonedText(NOON, NOON)).toBe(`12:00:00 ${zoneText(NOON)}`);
  });
});

describe("startOfDay", () => {
  it("is midnight on this computer's clock", () => {
    expect(startOfDay(NOON)).toBe(MIDNIGHT);
    expect(startOfDay(MIDNIGHT)).toBe(MIDNIGHT);
  });
});

describe("spanUtcText", () => {
  it("is in UTC, whatever this computer's clock shows", () => {
    const from = Date.UTC(2026, 10, 1);
    expect(spanUtcText(from, from + 3_600_000)).toBe("2026-11-01 00:00 to 2026-11-01 01:00, UTC");
  });
});
