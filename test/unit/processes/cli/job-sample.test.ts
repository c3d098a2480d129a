import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { drawn } from "../../../../src-main/processes/cli/job-sample.ts";

const scores = fc
  .array(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 20 })
  .map((list) => Float32Array.from(list));

describe("drawn", () => {
  it("takes the likeliest at temperature 0, of equals the lowest number", () => {
    expect(drawn(Float32Array.of(1, 3, 3, 2), 0, 0.9)).toBe(1);
  });

  it("takes each token as often as the softmax says", () => {
    const given = Float32Array.of(Math.log(1), Math.log(2), Math.log(5));
    const draws = Array.from({ length: 800 }, (_, at) => drawn(given, 1, (at + 0.5) / 800));
    const counts = [0, 1, 2].map((token) => draws.filter((one) => one === token).length);
    expect(counts).toEqual([100, 200, 500]);
  });

  it("is a token there is, whatever the scores; and surer of the best the colder it is", () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(scores, share, fc.constantFrom(0, 0.1, 0.8, 10), (given, at, temperature) => {
        const token = drawn(given, temperature, at);
        expect(Number.isInteger(token) && token >= 0 && token < given.length).toBe(true);
      }),
    );
    const given = Float32Array.of(0, 1);
    const bests = (temperature: number) =>
      Array.from({ length: 99 }, (_, at) => drawn(given, temperature, (at + 1) / 100)).filter(
        (token) => token === 1,
      ).length;
    expect(bests(0.2)).toBeGreaterThan(bests(1));
    expect(bests(1)).toBeGreaterThan(bests(5));
  });
});
