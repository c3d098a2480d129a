import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseStateMap } from "../../../../src-main/adapters/native-crypto/state-map.ts";
import type { StateMapBinding } from "../../../../src-main/adapters/native-crypto/state-map.ts";
import { chooseMapHashing } from "../../../../src-main/adapters/native-crypto/hash-pairs.ts";
import { concatBytes } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { hashPairsWith, stateLeafHash, updateStateMap } from "../../../../src-main/ledger/index.ts";
import { foldPages } from "../../../../src-main/ledger/state/fold-pages.ts";

const pairs = hashPairsWith(sha256);

/** The calls as an addon would have them, over the definition. */
const right: Required<StateMapBinding> = {
  mapLeaves(rows, lengthBytes, digests) {
    const lengths = new Uint32Array(
      lengthBytes.buffer,
      lengthBytes.byteOffset,
      digests.length / 32,
    );
    let at = 32 * lengths.length;
    for (const [index, length] of lengths.entries()) {
      const key = rows.subarray(32 * index, 32 * index + 32);
      digests.set(stateLeafHash(sha256, key, sha256(rows.subarray(at, at + length))), 32 * index);
      at += length;
    }
    return true;
  },
  pageRoots(pages, startBytes, roots) {
    const count = roots.length / 33;
    const starts = new Uint32Array(startBytes.buffer, startBytes.byteOffset, count);
    const { kinds, hashes } = foldPages(pages, starts, pairs);
    roots.set(kinds);
    roots.set(hashes, count);
    return true;
  },
};

const isUsed = (binding: StateMapBinding): boolean =>
  chooseStateMap(sha256, pairs, () => binding).mapLeaves(new Uint8Array(32), [
    sha256(pairs(new Uint8Array(64))),
  ]) !== undefined;

/** The same answer with one bit of its last byte turned. */
function lastWrong(fill: (...given: [Uint8Array, Uint8Array, Uint8Array]) => boolean): typeof fill {
  return (...given) => {
    const done = fill(...given);
    given[2][given[2].length - 1] ^= 1;
    return done;
  };
}

describe("adapters/native-crypto/state-map", () => {
  it("gives the definition's root and pages for rows of any lengths, added and taken away", () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(sha256);
    const row = fc.record({ key, value: fc.uint8Array({ maxLength: 200 }) });
    const rows = fc.uniqueArray(row, {
      minLength: 1,
      maxLength: 200,
      selector: ({ key }) => key.join(),
    });
    fc.assert(
      fc.property(rows, fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), (all, goes) => {
        const stored = new Map<string, Uint8Array>();
        const readPage = (page: Uint8Array) => stored.get(page.join());
        const both = (changes: readonly { key: Uint8Array; value: Uint8Array | undefined }[]) => {
          const plain = updateStateMap({ hasher: sha256, readPage }, changes);
          const fast = updateStateMap(
            { hasher: sha256, hashPairs: chooseMapHashing(), readPage },
            changes,
          );
          expect(fast).toEqual(plain);
          for (const { key: page, bytes } of plain.pages) {
            if (bytes === undefined) stored.delete(page.join());
            else stored.set(page.join(), bytes.slice());
          }
        };
        both(all);
        both(
          all.filter((_, at) => goes[at]).map(({ key: gone }) => ({ key: gone, value: undefined })),
        );
      }),
      { numRuns: 25 },
    );
  });

  it("uses calls that are right, and leaves hashing to the asker where one is missing", () => {
    expect(isUsed(right)).toBe(true);
    expect(isUsed({})).toBe(false);
    expect(isUsed({ mapLeaves: right.mapLeaves })).toBe(false);
    const absent = chooseStateMap(sha256, pairs, () => {
      throw new Error("no addon");
    });
    expect(absent.pageRoots(new Uint8Array(16), Uint32Array.of(0))).toBeUndefined();
  });

  it("leaves hashing to the asker where the machine cannot, or one answer is wrong", () => {
    expect(isUsed({ ...right, mapLeaves: () => false })).toBe(false);
    const leavesOnly = chooseStateMap(sha256, pairs, () => ({ ...right, pageRoots: () => false }));
    expect(leavesOnly.pageRoots(new Uint8Array(16), Uint32Array.of(0))).toBeUndefined();
    expect(isUsed({ ...right, mapLeaves: lastWrong(right.mapLeaves) })).toBe(false);
    expect(isUsed({ ...right, pageRoots: lastWrong(right.pageRoots) })).toBe(false);
  });

  it("refuses bytes that are no page", () => {
    const { pageRoots } = chooseMapHashing();
    const odd = concatBytes(Uint8Array.of(3), new Uint8Array(63));
    if (pageRoots?.(new Uint8Array(16), Uint32Array.of(0)) === undefined) return;
    expect(() => pageRoots(odd, Uint32Array.of(0))).toThrow("no pages");
    expect(() => pageRoots(odd, Uint32Array.of(64))).toThrow("no pages");
  });
});
