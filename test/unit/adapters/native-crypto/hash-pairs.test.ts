import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseHashPairs,
  hashPairsOneByOne,
} from "../../../../src-main/adapters/native-crypto/hash-pairs.ts";
import { BrokenInvariant } from "../../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";

const hashPairs = chooseHashPairs();

describe("adapters/native-crypto/hash-pairs", () => {
  it("gives the definition's digest of each block, from any offset", () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.nat({ max: 70 }), fc.nat(), (count, offset, seed) => {
        const memory = new Uint8Array(offset + count * 64).map((_, at) => at * 31 + seed);
        const pairs = memory.subarray(offset);
        const expected = new Uint8Array(count * 32);
        for (let index = 0; index < count; index += 1) {
          expected.set(sha256(pairs.subarray(index * 64, index * 64 + 64)), index * 32);
        }
        expect(hashPairs(pairs)).toEqual(expected);
        expect(hashPairsOneByOne(pairs)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("falls back where there is no binary", () => {
    const chosen = chooseHashPairs(() => {
      throw new Error("no binary for this machine");
    });
    expect(chosen).toBe(hashPairsOneByOne);
  });

  it("falls back where the binary is wrong in one width only", () => {
    const wrong = chooseHashPairs(() => ({
      hashInto: (input, output) => {
        output.set(hashPairsOneByOne(input));
        if (input.length === 16 * 64) output[500] ^= 1;
      },
    }));
    expect(wrong).toBe(hashPairsOneByOne);
  });

  it("stops at a part of a block", () => {
    expect(() => hashPairs(new Uint8Array(65))).toThrow(BrokenInvariant);
    expect(() => hashPairsOneByOne(new Uint8Array(32))).toThrow(BrokenInvariant);
  });
});
