import { describe, expect, it } from "vitest";

import { HourRing, RING_SECONDS } from "../../../../src-main/adapters/telemetry/hour-ring.ts";
import { TELEMETRY_FIELDS } from "../../../../src-main/ports/telemetry-store.ts";

const watts = (value: number | null) =>
  TELEMETRY_FIELDS.map((field) => (field === "watts" ? value : null));

describe("HourRing", () => {
  it("gives what was put, leaves gaps out, and forgets what is older than an hour", () => {
    const ring = new HourRing();
    const now = 1_700_000_000;
    ring.put(now - RING_SECONDS, watts(1));
    ring.put(now - 5, watts(5));
    ring.put(now - 3, watts(null));
    ring.put(now - 1, watts(7));
    expect(ring.read("watts", now - 10_000, now)).toEqual([
      { second: now - RING_SECONDS, value: 1 },
      { second: now - 5, value: 5 },
      { second: now - 1, value: 7 },
    ]);
    ring.put(now, watts(9));
    expect(ring.read("watts", now - 10_000, now + 1).map(({ value }) => value)).toEqual([5, 7, 9]);
    expect(ring.read("celsius", now - 10, now)).toEqual([]);
  });

  it("shows nothing of a time to come after the clock was set back", () => {
    const ring = new HourRing();
    ring.put(2_000_000_000, watts(3));
    ring.put(1_700_000_000, watts(4));
    expect(ring.read("watts", 1_699_999_000, 1_700_000_001)).toEqual([
      { second: 1_700_000_000, value: 4 },
    ]);
  });
});
