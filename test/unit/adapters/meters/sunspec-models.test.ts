import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  figuresOf,
  keepsRegister,
  registersNeeded,
} from "../../../../src-main/adapters/meters/sunspec-models.ts";
import type { SunspecRegister } from "../../../../src-main/adapters/meters/sunspec-models.ts";

const MODELS = [101, 102, 103, 111, 112, 113, 201, 202, 203, 204, 211, 212, 213, 214, 220, 701];
const REGISTERS: readonly SunspecRegister[] = ["produced", "absorbed", "bought", "sold"];
const WATT_HOUR = 3_600_000;

const code = (error: string) => expect.objectContaining({ code: error });

describe("adapters/meters/sunspec-models", () => {
  it("knows the models that count, and each fits one request", () => {
    for (const model of MODELS) {
      expect(REGISTERS.some((register) => keepsRegister(model, register))).toBe(true);
      expect(registersNeeded(model)).toBeLessThanOrEqual(125);
    }
    expect([1, 124, 713, 802].map(registersNeeded)).toEqual([null, null, null, null]);
  });

  it("counts an accumulator by any scale, exactly where it can be", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        fc.integer({ min: -3, max: 0 }),
        (value, scale) => {
          const registers = new Array<number>(52).fill(0x8000);
          [registers[24], registers[25]] = [Math.floor(value / 65_536), value % 65_536];
          registers[26] = scale & 0xffff;
          const exact = (BigInt(value) * BigInt(WATT_HOUR)) / 10n ** BigInt(-scale);
          if (exact > BigInt(Number.MAX_SAFE_INTEGER)) {
            expect(() => figuresOf(103, "produced", registers)).toThrow(code("METERS_ANSWER"));
            return;
          }
          const { millijoules, wrapsAtMillijoules } = figuresOf(103, "produced", registers);
          expect(BigInt(millijoules)).toBe(exact);
          const wraps = 2 ** 32 * WATT_HOUR * 10 ** scale;
          expect(wrapsAtMillijoules).toBe(Number.isSafeInteger(wraps) ? wraps : null);
        },
      ),
    );
  });

  it("gives figures or a fault of a meter for any registers", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        fc.constantFrom(...REGISTERS),
        fc.array(fc.nat(0xffff), { minLength: 0, maxLength: 125 }),
        (model, register, registers) => {
          expectFiguresOrFault(model, register, registers);
        },
      ),
    );
  });

  it("has no value without a scale, and none of a model cut off", () => {
    const registers = new Array<number>(52).fill(1);
    registers[26] = 0x8000;
    expect(() => figuresOf(103, "produced", registers)).toThrow(code("METERS_NO_VALUE"));
    const short = registers.slice(0, 51);
    expect(() => figuresOf(103, "produced", short)).toThrow(code("METERS_ANSWER"));
    expect(() => figuresOf(103, "sold", registers)).toThrow(code("METERS_NO_MODEL"));
  });
});

function expectFiguresOrFault(model: number, register: SunspecRegister, registers: number[]): void {
  try {
    const { millijoules, watts } = figuresOf(model, register, registers);
    expect(Number.isSafeInteger(millijoules) && millijoules >= 0).toBe(true);
    expect(watts === null || Number.isFinite(watts)).toBe(true);
  } catch (error) {
    const codes = ["METERS_NO_MODEL", "METERS_ANSWER", "METERS_NO_VALUE"];
    expect(codes).toContain((error as { code: string }).code);
  }
}
