import { describe, expect, it } from "vitest";
import { philox } from "../../../../src-main/engine/random/philox.ts";

const words = (hex: string): number[] => hex.split(" ").map((word) => Number.parseInt(word, 16));

describe("philox", () => {
  // Random123's kat_vectors, philox4x32 with 10 rounds: counter, key, result.
  it.each([
    [
      "00000000 00000000 00000000 00000000",
      "00000000 00000000",
      "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ],
    [
      "ffffffff ffffffff ffffffff ffffffff",
      "ffffffff ffffffff",
      "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ],
    [
      "243f6a88 85a308d3 13198a2e 03707344",
      "a4093822 299f31d0",
      "d16cfe09 94fdcceb 5001e420 24126ea1",
    ],
  ])("gives the published words for counter %s", (counter, key, result) => {
    const [c0, c1, c2, c3] = words(counter);
    const [k0, k1] = words(key);
    expect(philox([c0, c1, c2, c3], [k0, k1])).toEqual(words(result));
  });
});
