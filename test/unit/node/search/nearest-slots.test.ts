import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NearestSlots } from "../../../../src-main/node/search/nearest-slots.ts";

describe("nearest slots", () => {
  it("keeps the nearest of all that came, and says what is too far", () => {
    const distances = fc.uniqueArray(fc.nat(1_000), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(distances, fc.integer({ min: 1, max: 20 }), (all, count) => {
        const best = new NearestSlots(count);
        for (const [slot, distance] of all.entries()) {
          if (distance < best.bound) best.add(slot, distance);
        }
        const nearest = [...all.keys()].sort((one, other) => all[one] - all[other]);
        const wanted = new Set(nearest.slice(0, count));
        expect(new Set(best.slots())).toEqual(wanted);
        const full = all.length >= count;
        expect(best.bound).toBe(full ? all[nearest[count - 1]] : Infinity);
      }),
    );
  });

  it("keeps none where none are wanted", () => {
    expect(new NearestSlots(0).bound).toBe(-Infinity);
  });
});
