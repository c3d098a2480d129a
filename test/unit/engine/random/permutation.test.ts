import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchIndices, permute } from "../../../../src-main/engine/random/permutation.ts";

const seed = new Uint8Array(32).fill(7);

describe("permutation", () => {
  it("is a bijection for every size, key and epoch", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        (size, key, epoch) => {
          const seen = new Set<number>();
          for (let index = 0; index < size; index += 1) {
            const to = permute([key, 1], epoch, size, index);
            expect(to).toBeLessThan(size);
            seen.add(to);
          }
          expect(seen.size).toBe(size);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("sees every sample once an epoch, across batches that do not divide it", () => {
    const seen: number[] = [];
    for (let step = 1; step <= 10; step += 1) seen.push(...batchIndices(seed, step, 10, 25));
    for (const first of [0, 25, 50, 75]) {
      expect(new Set(seen.slice(first, first + 25)).size).toBe(25);
    }
    expect(seen.slice(0, 25)).not.toEqual(seen.slice(25, 50));
  });

  it("depends on the seed, and on nothing else but its arguments", () => {
    const other = new Uint8Array(32).fill(8);
    expect(batchIndices(seed, 3, 16, 9_000)).toEqual(batchIndices(seed, 3, 16, 9_000));
    expect(batchIndices(seed, 3, 16, 9_000)).not.toEqual(batchIndices(other, 3, 16, 9_000));
  });

  it("reaches the largest domain", () => {
    expect(permute([1, 2], 0, 2 ** 32, 2 ** 32 - 1)).toBeLessThan(2 ** 32);
  });
});
