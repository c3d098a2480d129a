import { describe, expect, it } from "vitest";

import type { EnergyUnits } from "../../../../src-main/contract/control-api/energy.ts";
import { unitRows } from "../../../../src-renderer/text/unit-rows.ts";

const PIECE: EnergyUnits["units"][number] = {
  unit: "7a".repeat(32),
  job: "2c".repeat(32),
  jobName: "digits-cnn",
  device: "cpu",
  sources: ["plug"],
  tier: "B",
  startMs: 1_000,
  endMs: 2_000,
  millijoules: 3_000,
  coverage: 1,
  quality: "measured",
  steps: 10,
  outcome: "paid",
  joulesPerStep: 0.3,
  rewardBase: "500",
  joulesPerViv: 1,
  costMicros: null,
  profitMicros: null,
  profitAfterEnergyMicros: null,
};

describe("unitRows", () => {
  it("makes one line of a unit that was paused, and counts its pay once", () => {
    const later = { ...PIECE, tier: "D" as const, startMs: 5_000, millijoules: 1_000 };
    const other = { ...PIECE, unit: "8b".repeat(32) };
    const rows = unitRows([later, other, PIECE]);
    expect(rows.map(({ unit }) => unit)).toEqual([PIECE.unit, other.unit]);
    const [row] = rows;
    expect(row).toMatchObject({ millijoules: 4_000, tier: "D", outcome: "paid", pieces: 2 });
    expect(row).toMatchObject({ joulesPerStep: 0.2, rewardBase: 500n });
  });

  it("knows no energy where a piece was not measured, none a step where nothing was paid", () => {
    const [part] = unitRows([PIECE, { ...PIECE, millijoules: null }]);
    expect(part).toMatchObject({ millijoules: null, joulesPerStep: null });
    const [open] = unitRows([{ ...PIECE, outcome: "open", rewardBase: "0" }]);
    expect(open).toMatchObject({ joulesPerStep: null, outcome: "open", rewardBase: 0n });
  });
});
