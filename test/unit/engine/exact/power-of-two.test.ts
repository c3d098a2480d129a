import { describe, expect, it } from "vitest";
import { binaryExponent, powerOfTwo } from "../../../../src-main/engine/exact/power-of-two.ts";

describe("power-of-two", () => {
  it("makes exact powers and reads them off again", () => {
    for (let e = -600; e <= 600; e += 1) {
      expect(powerOfTwo(e)).toBe(2 ** e);
      expect(binaryExponent(2 ** e)).toBe(e);
      expect(binaryExponent(-1.999 * 2 ** e)).toBe(e);
    }
  });

  it("stops outside its table", () => {
    expect(() => powerOfTwo(601)).toThrow();
  });
});
