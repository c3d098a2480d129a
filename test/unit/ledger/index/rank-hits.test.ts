import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { rankHits } from "../../../../src-main/ledger/index/index.ts";
import type { IndexEntry } from "../../../../src-main/ledger/index/index.ts";
import { searchFor } from "../../../worlds/index-world.ts";

const entry = (slot: bigint, number: number, retracts?: bigint): IndexEntry => ({
  slot,
  retracts,
  what: "other",
  tags: [],
  embedding: Uint8Array.of(number),
});
const slots = (k: number, lists: readonly (readonly IndexEntry[])[]) =>
  rankHits(sha256, searchFor([0], { k }), lists).map(({ slot }) => slot);

describe("ledger/index/rank-hits", () => {
  it("lets the lower slot of a later list push out an equal distance", () => {
    const lists = [
      [entry(5n, 3), entry(9n, 3)],
      [entry(2n, 3), entry(7n, 3)],
    ];
    expect(slots(1, lists)).toEqual([2n]);
    expect(slots(2, lists)).toEqual([2n, 5n]);
    expect(slots(3, lists)).toEqual([2n, 5n, 7n]);
  });

  it("does not depend on the order of the lists", () => {
    const lists = [[entry(1n, 9)], [entry(2n, 1), entry(3n, 9)], [entry(4n, 1)]];
    expect(slots(3, lists)).toEqual([2n, 4n, 1n]);
    expect(slots(3, [...lists].reverse())).toEqual([2n, 4n, 1n]);
  });

  it("skips what a tombstone of the same list buries, and tombstones themselves", () => {
    expect(slots(9, [[entry(1n, 1), entry(2n, 2), entry(3n, 0, 1n)]])).toEqual([2n]);
  });
});
