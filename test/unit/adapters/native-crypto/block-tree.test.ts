import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseBlockTree,
  useTreeThreads,
} from "../../../../src-main/adapters/native-crypto/block-tree.ts";
import { nativeSha256 } from "../../../../src-main/adapters/native-crypto/sha256.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";
import { blockTreeRoot } from "../../../../src-main/engine/index.ts";

const values = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, at) => Math.fround(Math.imul(at + seed, 2654435761)));

describe("adapters/native-crypto/block-tree", () => {
  it("gives the definition's root for any matrix, wherever it lies in memory", () => {
    const size = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(size, size, fc.nat({ max: 5 }), fc.nat(), (rows, columns, offset, seed) => {
        const matrix = values(rows * columns + offset, seed).subarray(offset);
        const root = nativeSha256.blockTreeRoot?.(matrix, columns);
        const expected = blockTreeRoot(sha256, [rows, columns], matrix);
        expect(root ?? expected).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same root on any number of threads, odd pieces and edges included", () => {
    // Rows and columns of 16 × 16 blocks: 3,159 and 2,048 of them, some not whole.
    for (const [rows, columns] of [
      [39 * 16 - 5, 81 * 16 - 3],
      [2_048 * 16, 16],
    ]) {
      const matrix = values(rows * columns, 7);
      const expected = blockTreeRoot(sha256, [rows, columns], matrix);
      for (const threads of [1, 2, 3, 8, 1_000]) {
        useTreeThreads(threads);
        const root = nativeSha256.blockTreeRoot?.(matrix, columns);
        expect(root ?? expected).toEqual(expected);
      }
    }
    useTreeThreads(1);
  });

  it("answers a root of its own that no later call changes", () => {
    const first = nativeSha256.blockTreeRoot?.(values(300, 1), 10);
    const kept = first?.slice();
    for (let seed = 2; seed < 50; seed += 1) nativeSha256.blockTreeRoot?.(values(300, seed), 10);
    expect(first).toEqual(kept);
  });

  it("leaves hashing to the asker without an addon, and with one that cannot", () => {
    const absent = chooseBlockTree(sha256, () => {
      throw new Error("no addon");
    });
    expect(absent(values(16, 1), 4)).toBeUndefined();
    expect(chooseBlockTree(sha256, () => ({}))(values(16, 1), 4)).toBeUndefined();
    const unable = chooseBlockTree(sha256, () => ({ blockTreeRoot: () => undefined }));
    expect(unable(values(16, 1), 4)).toBeUndefined();
  });

  it("leaves hashing to the asker where one edge is hashed wrongly", () => {
    const wrong = chooseBlockTree(sha256, () => ({
      blockTreeRoot: (matrix, columns) => {
        const root = blockTreeRoot(sha256, [matrix.length / columns, columns], matrix);
        if (columns % 16 === 1) root[31] ^= 1;
        return root;
      },
    }));
    expect(wrong(values(16, 1), 4)).toBeUndefined();
  });

  it("refuses what is not whole rows, without harm", () => {
    const ask = nativeSha256.blockTreeRoot;
    if (ask?.(values(12, 1), 4) === undefined) return;
    expect(() => ask(values(12, 1), 5)).toThrow("whole rows");
    expect(() => ask(values(12, 1), 0)).toThrow("whole rows");
    expect(() => ask(new Float32Array(0), 1)).toThrow("whole rows");
  });
});
