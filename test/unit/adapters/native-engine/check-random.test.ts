import { describe, expect, it } from "vitest";
import { checkRandom } from "../../../../src-main/adapters/native-engine/check-random.ts";
import { firstNonCanonical } from "../../../../src-main/engine/index.ts";

describe("check-random", () => {
  it("makes canonical numbers only", () => {
    const random = checkRandom(1);
    for (let i = 0; i < 200; i += 1) expect(firstNonCanonical(random.tensor(50))).toBe(-1);
  });

  it("reaches zeros, both range edges and both signs", () => {
    const random = checkRandom(2);
    const seen = new Set<number>();
    for (let i = 0; i < 400; i += 1) for (const value of random.tensor(50)) seen.add(value);
    for (const edge of [0, 2 ** 60, -(2 ** 60), 2 ** -96, -(2 ** -96), 8127.5]) {
      expect(seen.has(edge)).toBe(true);
    }
  });

  it("stays inside the asked range", () => {
    const random = checkRandom(3);
    const drawn = Array.from({ length: 500 }, () => random.between(-2, 3));
    expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([-2, 3]);
  });
});
