import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { hasInputOf, inputFigures } from "../../../../src-main/adapters/meters/sunspec-inputs.ts";
import { isHybrid, panelFigures } from "../../../../src-main/adapters/meters/sunspec-storage.ts";
import { inputsModel } from "../../../worlds/meters/sunspec-stores.ts";

const WATT_HOUR = 3_600_000;

/** Registers of a model 160 whose inputs have these names, watts and Wh. */
function model160(inputs: readonly (readonly [string, number, number])[]): number[] {
  const shown = inputs.map(([name, watts, wattHours]) => ({
    name,
    profile: { watts: () => watts, millijoules: () => wattHours * WATT_HOUR },
  }));
  const registers = inputsModel(shown).registers();
  return [160, registers.length, ...registers];
}

/** As a hybrid inverter names its inputs. */
const HYBRID = model160([
  ["MPPT 1", 800, 5_000],
  ["MPPT 2", 400, 2_000],
  ["StCha 3", 300, 900],
  ["StDisCha 4", 0, 700],
]);

describe("adapters/meters/sunspec-inputs", () => {
  it("tells panels and both ways of a store apart by the names of the inputs", () => {
    expect(inputFigures("panels", HYBRID)).toEqual({
      millijoules: 7_000 * WATT_HOUR,
      watts: 1_200,
    });
    expect(inputFigures("charged", HYBRID)).toEqual({ millijoules: 900 * WATT_HOUR, watts: 300 });
    expect(inputFigures("discharged", HYBRID)).toEqual({ millijoules: 700 * WATT_HOUR, watts: 0 });
    expect(isHybrid(160, HYBRID)).toBe(true);
    expect(panelFigures(160, HYBRID)).toMatchObject({ watts: 1_200 });
  });

  it("takes an inverter without a store for none", () => {
    const roof = model160([
      ["String 1", 800, 5_000],
      ["", 1, 0],
    ]);
    expect(isHybrid(160, roof)).toBe(false);
    expect(hasInputOf("charged", roof)).toBe(false);
    // An accumulator of 0 says "not implemented", so that the sum of both is not known.
    expect(inputFigures("panels", roof)).toEqual({ millijoules: null, watts: 801 });
    expect(() => inputFigures("charged", roof)).toThrow(
      expect.objectContaining({ code: "METERS_NO_MODEL" }),
    );
  });

  it("gives figures that are possible, or a fault of a meter, for any registers", () => {
    const words = fc.array(fc.nat(0xffff), { maxLength: 125 });
    fc.assert(
      fc.property(words, fc.nat(3), (registers, count) => {
        registers[8] = count;
        try {
          const { millijoules, watts } = inputFigures("panels", registers);
          if (millijoules !== null) expect(Number.isSafeInteger(millijoules)).toBe(true);
          if (watts !== null) expect(watts).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(["METERS_NO_MODEL", "METERS_ANSWER"]).toContain((error as { code: string }).code);
        }
      }),
    );
  });
});
