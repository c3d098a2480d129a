import { describe, expect, it } from "vitest";

import { EnergyDifference } from "../../../../src-main/adapters/telemetry/counter-power.ts";

describe("EnergyDifference", () => {
  it("makes watts of differences, and goes on over the counter's end", () => {
    const counted = new EnergyDifference(1_000_000_000);
    expect(counted.take(900_000_000, 0)).toEqual({ watts: null, millijoules: 0 });
    expect(counted.take(950_000_000, 1_000)).toEqual({ watts: 50, millijoules: 50_000 });
    expect(counted.take(10_000_000, 2_000)).toEqual({ watts: 60, millijoules: 110_000 });
  });

  it("guesses nothing where a counter without a known end steps back", () => {
    const counted = new EnergyDifference(null);
    counted.take(900_000_000, 0);
    expect(counted.take(5, 1_000)).toEqual({ watts: null, millijoules: 0 });
    expect(counted.take(20_000_005, 2_000)).toEqual({ watts: 20, millijoules: 20_000 });
  });

  it("refuses watts that no device takes, and a mean over a long silence", () => {
    const counted = new EnergyDifference(null);
    counted.take(0, 0);
    expect(counted.take(20_000_000_000, 1_000).watts).toBeNull();
    expect(counted.take(21_000_000_000, 3_601_000)).toEqual({
      watts: null,
      millijoules: 1_000_000,
    });
    expect(counted.take(22_000_000_000, 3_601_000).watts).toBeNull();
  });
});
