import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";
import { MerkleFrontier } from "../../../../src-main/crypto/merkle/frontier.ts";
import { rootFromLeafHashes, subtreesOf } from "../../../../src-main/crypto/merkle/subtrees.ts";

const HASHES = Array.from({ length: 70 }, (_, index) => sha256(new Uint8Array([index])));

function restored(bytes: Uint8Array): MerkleFrontier {
  const outcome = MerkleFrontier.restore(sha256, bytes);
  if (!outcome.ok) throw new Error(outcome.rejection.code);
  return outcome.value;
}

describe("crypto/merkle/frontier", () => {
  it("has the root of the whole tree after every append, also when restored before each", () => {
    let frontier = new MerkleFrontier(sha256);
    for (const [index, hash] of HASHES.entries()) {
      expect(frontier.size).toBe(index);
      expect(frontier.root()).toEqual(rootFromLeafHashes(sha256, HASHES.slice(0, index)));
      frontier = restored(frontier.serialise());
      frontier.append(hash);
    }
  });

  it("has the same edge and tells of the same subtrees when many leaves come at once", () => {
    for (let first = 0; first <= 20; first += 1) {
      for (const count of [0, 1, 2, 3, 7, 16, 33, 50]) {
        const one = new MerkleFrontier(sha256);
        for (const hash of HASHES.slice(0, first)) one.append(hash);
        const all = one.copy();
        const ones = new Map<string, Uint8Array>();
        const alls = new Map<string, Uint8Array>();
        const leaves = HASHES.slice(first, first + count);
        for (const hash of leaves) {
          one.append(hash, (level, index, each) => void ones.set(`${level}/${index}`, each));
        }
        const told: number[] = [];
        all.appendAll(leaves, (level, index, each) => {
          told.push(level * 1_000 + index);
          alls.set(`${level}/${index}`, each);
        });
        expect(all.serialise()).toEqual(one.serialise());
        expect(alls).toEqual(ones);
        expect(told).toEqual([...told].sort((left, right) => left - right));
      }
    }
  });

  it("tells of every complete subtree once", () => {
    const seen = new Map<string, Uint8Array>();
    const frontier = new MerkleFrontier(sha256);
    for (const hash of HASHES.slice(0, 13)) {
      frontier.append(hash, (level, index, subtree) => {
        expect(seen.has(`${level}/${index}`)).toBe(false);
        seen.set(`${level}/${index}`, subtree);
      });
    }
    const read = subtreesOf(sha256, HASHES);
    expect(seen.size).toBe(13 + 6 + 3 + 1);
    for (const [place, subtree] of seen) {
      const [level, index] = place.split("/").map(Number);
      expect(subtree).toEqual(read(level, index));
    }
  });

  it("leaves a copy untouched", () => {
    const frontier = new MerkleFrontier(sha256);
    frontier.append(HASHES[0]);
    const copy = frontier.copy();
    copy.append(HASHES[1]);
    expect([frontier.size, copy.size]).toEqual([1, 2]);
    expect(frontier.root()).toEqual(HASHES[0]);
  });

  it("refuses stored bytes whose length does not fit the size", () => {
    const frontier = new MerkleFrontier(sha256);
    for (const hash of HASHES.slice(0, 7)) frontier.append(hash);
    const bytes = frontier.serialise();
    const damaged = [bytes.slice(0, -1), bytes.slice(0, 7), concatBytes(bytes, new Uint8Array(32))];
    damaged.push(new Uint8Array(8).fill(255));
    for (const wrong of damaged) {
      expect(MerkleFrontier.restore(sha256, wrong)).toMatchObject({
        ok: false,
        rejection: { code: "CRYPTO_FRONTIER" },
      });
    }
  });

  it("stops at a leaf that is not a hash", () => {
    const frontier = new MerkleFrontier(sha256);
    expect(() => frontier.append(new Uint8Array(31))).toThrow(BrokenInvariant);
  });
});
