import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  everyTenth,
  givenHoldout,
  isHeldOut,
} from "../../../../src-main/adapters/data-import/hold-out.ts";
import { stopped } from "./stopped.ts";

const at = (sample: number) => ({ sample });
const names = ["a", "b", "c"];

describe("adapters/data-import/hold-out", () => {
  it("holds out n mod 10 = 9, and the last of a small class", () => {
    const held = (size: number) =>
      Array.from({ length: size }, (_, n) => n).filter((n) => isHeldOut(n, size));
    expect(held(2)).toEqual([1]);
    expect(held(9)).toEqual([8]);
    expect(held(10)).toEqual([9]);
    expect(held(19)).toEqual([9]);
    expect(held(35)).toEqual([9, 19, 29]);
  });

  it("gives every sample one place in reading order, every class on both sides", () => {
    const label = fc.integer({ min: 0, max: 2 });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 60 }), (some) => {
        const labels = Uint8Array.of(0, 1, 2, ...some, 2, 1, 0);
        const { places, trainCount, holdoutCount } = everyTenth(labels, names, at);
        expect(trainCount + holdoutCount).toBe(labels.length);
        const order = new Uint32Array(labels.length).fill(0xffff_ffff);
        places.forEach((place, sample) => {
          order[place] = sample;
        });
        const train = order.subarray(0, trainCount);
        const held = order.subarray(trainCount);
        for (const side of [train, held]) {
          expect([...side]).toEqual([...side.toSorted()]);
          expect(new Set([...side].map((sample) => labels[sample])).size).toBe(3);
        }
        expect(new Set(order).size).toBe(labels.length);
      }),
    );
  });

  it("refuses a class with one sample and names it", () => {
    expect(stopped(() => everyTenth(Uint8Array.of(0, 0, 1), names, at))).toEqual({
      code: "DATA_IMPORT_SINGLE_SAMPLE",
      facts: { class: "b", sample: 2 },
    });
  });

  it("keeps a given hold-out where it is", () => {
    expect(givenHoldout(2, 3)).toEqual({
      trainCount: 2,
      holdoutCount: 3,
      places: Uint32Array.of(0, 1, 2, 3, 4),
    });
  });
});
