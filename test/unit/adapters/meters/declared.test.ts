import { describe, expect, it } from "vitest";

import { openMeter } from "../../../../src-main/adapters/meters/index.ts";
import { described } from "../../../worlds/meters/open-described.ts";

const wattsAt = async (table: object, nowMs: number) => {
  const meter = await openMeter(described({ kind: "declared", id: "rack", ...table }), {
    clock: { nowMs: () => nowMs },
  });
  return meter.read();
};

describe("adapters/meters/declared", () => {
  it("says what its owner declared, by the hour in UTC", async () => {
    const watts_by_hour = Array.from({ length: 24 }, (_, hour) => hour * 10);
    const table = { watts_by_hour, role: "generation" };
    const reading = (nowMs: number) => wattsAt(table, nowMs);
    expect(await reading(Date.UTC(2026, 0, 1, 13, 59, 59, 999))).toMatchObject({ watts: 130 });
    expect(await reading(Date.UTC(2026, 0, 1, 14))).toMatchObject({ watts: 140, register: null });
    expect(await wattsAt({ watts: 75 }, 0)).toMatchObject({ watts: 75, atMs: 0 });
  });

  it("is evidence of the lowest level", async () => {
    const meter = await openMeter(described({ kind: "declared", id: "rack", watts: 1 }), {
      clock: { nowMs: () => 0 },
    });
    expect(meter.identity).toMatchObject({ tier: "E", kind: "declared", uncertaintyPercent: 100 });
  });
});
