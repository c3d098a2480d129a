import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  isEnergyUnit,
  isPowerUnit,
  registerMillijoules,
  toMillijoules,
  toWatts,
} from "../../../../src-main/adapters/meters/millijoules.ts";

const answer = expect.objectContaining({ code: "METERS_ANSWER" });

describe("adapters/meters/millijoules", () => {
  it("knows the units of energy and of power, and keeps them apart", () => {
    for (const unit of ["J", "kJ", "MJ", "Wh", "kWh", "MWh"]) expect(isEnergyUnit(unit)).toBe(true);
    for (const unit of ["mW", "W", "kW", "MW"]) expect(isPowerUnit(unit)).toBe(true);
    for (const unit of ["kwh", "toString", "°C", "", "VA", "__proto__"]) {
      expect([isEnergyUnit(unit), isPowerUnit(unit)]).toEqual([false, false]);
    }
  });

  it("turns thousandths of a watt hour into whole millijoules, as plugs give them", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (thousandths) => {
        expect(toMillijoules(thousandths / 1_000, "Wh")).toBe(thousandths * 3_600);
      }),
    );
  });

  it("gives a safe whole number or refuses, for any number", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        if (value > -0.5 && value <= Number.MAX_SAFE_INTEGER) {
          expect(registerMillijoules(value)).toBe(Math.abs(Math.round(value)));
        } else expect(() => registerMillijoules(value)).toThrow(answer);
      }),
    );
    expect(Object.is(registerMillijoules(-0), 0)).toBe(true);
    expect(() => toMillijoules(1, "furlong")).toThrow(answer);
    expect(() => toWatts(Infinity, "W")).toThrow(answer);
    expect(toWatts(1.5, "kW")).toBe(1_500);
  });
});
