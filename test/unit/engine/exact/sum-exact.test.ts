import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sumExact } from "../../../../src-main/engine/exact/sum-exact.ts";
import { adversarialNumber } from "../../../generators/canonical-numbers.ts";

describe("sumExact", () => {
  it("does not depend on the order", () => {
    fc.assert(
      fc.property(fc.array(adversarialNumber, { minLength: 1, maxLength: 60 }), (values) => {
        const ascending = [...values].sort((a, b) => a - b);
        const forward = sumExact(Float32Array.from(values), 0, values.length, 1);
        const sorted = sumExact(Float32Array.from(ascending), 0, values.length, 1);
        expect(Object.is(forward, sorted)).toBe(true);
      }),
    );
  });

  it("gives +0 for nothing and for zeros", () => {
    expect(Object.is(sumExact(new Float32Array(4), 0, 4, 1), 0)).toBe(true);
    expect(Object.is(sumExact(Float32Array.of(2, -2), 0, 2, 1), 0)).toBe(true);
  });

  it("walks with a stride", () => {
    expect(sumExact(Float32Array.of(1, 10, 2, 20, 3, 30), 1, 3, 2)).toBe(60);
  });
});
