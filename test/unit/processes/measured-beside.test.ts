import { describe, expect, it } from "vitest";
import { readBeside, tierOf } from "../../../src-main/processes/measured-beside.ts";

const metered = { stepsPerSecond: 9, joulesPerStep: 0.5, tier: "B", unmetered: null };
const unmetered = { stepsPerSecond: 9, joulesPerStep: null, tier: null, unmetered: "no meter" };
const beside = { speedup: 3, metered: true, device: metered, processor: unmetered };

describe("measured-beside", () => {
  it("reads what was measured", () => {
    expect(readBeside(beside)).toEqual(beside);
    expect(readBeside(JSON.parse(JSON.stringify(beside)))).toEqual(beside);
  });

  it("takes no joules without a tier that is a measurement, and none that are no number", () => {
    for (const wrong of [
      { tier: "D" },
      { tier: null },
      { joulesPerStep: 0 },
      { joulesPerStep: NaN },
    ]) {
      const read = readBeside({ ...beside, device: { ...metered, ...wrong } });
      expect(read?.device).toEqual({ ...unmetered, unmetered: "not metered" });
    }
    expect(tierOf("C")).toBe("C");
    expect(tierOf("E")).toBeNull();
  });

  it("calls unmeasured what it cannot read", () => {
    const slow = { ...metered, stepsPerSecond: 0 };
    for (const value of [null, 1, {}, { ...beside, speedup: "3" }, { ...beside, device: slow }]) {
      expect(readBeside(value)).toBeNull();
    }
  });
});
