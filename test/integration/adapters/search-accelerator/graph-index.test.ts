import { beforeAll, describe, expect, it } from "vitest";
import { searchAccelerator } from "../../../../src-main/adapters/search-accelerator/index.ts";
import { squaredDistance } from "../../../../src-main/ledger/index/index.ts";
import type { NearestIndex, NearestIndexMaker } from "../../../../src-main/ports/nearest-index.ts";
import { clusteredVectors } from "../../../worlds/clustered-vectors.ts";

const DIMENSION = 128;
const ENTRIES = 4_000;
const VECTORS = clusteredVectors({ count: 2 * ENTRIES + 50, dimension: DIMENSION, clusters: 80 });
const QUERIES = VECTORS.slice(2 * ENTRIES);
/** Slots far above 2^32, as a large ledger has them. */
const slotOf = (at: number) => 2 ** 41 + at;

let maker: NearestIndexMaker;
let index: NearestIndex;

function add(first: number, end: number): void {
  for (let at = first; at < end; at += 100) {
    const some = VECTORS.slice(at, at + 100);
    const numbers = new Int8Array(100 * DIMENSION);
    for (const [row, vector] of some.entries()) numbers.set(vector, row * DIMENSION);
    index.add(
      some.map((_, row) => slotOf(at + row)),
      numbers,
    );
  }
}

/** Part of the ten nearest of `held` that is among 48 candidates. */
function recall(held: readonly number[]): number {
  let found = 0;
  for (const query of QUERIES) {
    const named = new Set(index.nearest(query, 48));
    const ranked = held.map((at) => ({
      at,
      distance: squaredDistance(query, VECTORS[at], 0, Infinity),
    }));
    ranked.sort((one, other) => one.distance - other.distance || one.at - other.at);
    found += ranked.slice(0, 10).filter(({ at }) => named.has(slotOf(at))).length;
  }
  return found / (10 * QUERIES.length);
}

const range = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, at) => first + at);

beforeAll(async () => {
  const loaded = await searchAccelerator();
  expect(loaded.fault).toBeUndefined();
  if (loaded.maker === undefined) throw new Error("no accelerator");
  maker = loaded.maker;
  index = maker.make(DIMENSION, new Int8Array(0));
  add(0, ENTRIES);
});

describe("graphs of usearch", () => {
  it("find 95 in 100 of the nearest, int8 as they are", () => {
    expect(index.entries).toBe(ENTRIES);
    expect(recall(range(0, ENTRIES))).toBeGreaterThanOrEqual(0.95);
  });

  it("find as much after a tenth was retracted and replaced, without being made anew", () => {
    for (const at of range(0, ENTRIES / 10)) index.remove(slotOf(at));
    expect(index.entries).toBe(0.9 * ENTRIES);
    add(ENTRIES, 1.1 * ENTRIES);
    const held = range(ENTRIES / 10, 1.1 * ENTRIES);
    expect(recall(held)).toBeGreaterThanOrEqual(0.95);
    const named = QUERIES.flatMap((query) => index.nearest(query, 48));
    expect(named.filter((slot) => slot < slotOf(ENTRIES / 10))).toEqual([]);
  });

  it("name every entry where fewer are held than asked for, and none where none is", () => {
    const small = maker.make(4, new Int8Array(0));
    expect(small.nearest(Int8Array.of(1, 2, 3, 4), 48)).toEqual([]);
    small.add([3, 9], Int8Array.of(-128, 127, -128, 127, 0, 0, 0, 0));
    expect([...small.nearest(Int8Array.of(0, 0, 0, 1), 48)]).toEqual([9, 3]);
  });
});
