import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  CHARGE_MODELS,
  STORAGE_MODELS,
  chargeOf,
  isStorageRegister,
  storageFigures,
  storageRegistersNeeded,
} from "../../../../src-main/adapters/meters/sunspec-storage.ts";

const code = (error: string) => expect.objectContaining({ code: error });

const words = fc.array(fc.nat(0xffff), { maxLength: 125 });

describe("adapters/meters/sunspec-storage", () => {
  it("knows its own registers and models alone", () => {
    expect(["discharged", "charged", "produced", ""].map(isStorageRegister)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([...STORAGE_MODELS, ...CHARGE_MODELS, 103].map(storageRegistersNeeded)).toEqual([
      45,
      10,
      64,
      64,
      8,
      26,
      null,
    ]);
  });

  it("gives figures that are possible, or a fault of a meter, for any registers", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STORAGE_MODELS, 103),
        fc.constantFrom("discharged" as const, "charged" as const),
        fc.constantFrom("discharging" as const, "charging" as const, null),
        words,
        (model, register, positive, registers) => {
          try {
            const figures = storageFigures(model, { register, positive }, registers);
            const { millijoules, watts } = figures;
            expect(millijoules !== null || watts !== null).toBe(true);
            if (millijoules !== null) expect(Number.isSafeInteger(millijoules)).toBe(true);
            if (watts !== null) expect(watts).toBeGreaterThanOrEqual(0);
          } catch (error) {
            const codes = ["METERS_NO_MODEL", "METERS_ANSWER", "METERS_NO_VALUE"];
            expect(codes).toContain((error as { code: string }).code);
          }
        },
      ),
    );
  });

  it("says how full a store is as a share of a whole, or not at all", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHARGE_MODELS, 103), words, (model, registers) => {
        const { share, capacityWattHours } = chargeOf(model, registers);
        if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
        if (capacityWattHours !== null) expect(capacityWattHours).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it("does not believe more ports than the model is long", () => {
    const registers = new Array<number>(45).fill(0);
    registers[4] = 2;
    const asked = { register: "charged", positive: null } as const;
    expect(() => storageFigures(714, asked, registers)).toThrow(code("METERS_ANSWER"));
    registers[4] = 1;
    expect(() => storageFigures(714, asked, registers)).toThrow(code("METERS_NO_MODEL"));
    registers[20] = 1;
    expect(storageFigures(714, asked, registers)).toEqual({ millijoules: 0, watts: 0 });
  });
});
