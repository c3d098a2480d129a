import { describe, expect, it } from "vitest";
import { squaredDistance } from "../../../../src-main/ledger/index/index.ts";
import { codesMaker } from "../../../../src-main/node/search/product-codes.ts";
import { clusteredVectors } from "../../../worlds/clustered-vectors.ts";

const DIMENSION = 24;
const VECTORS = clusteredVectors({ count: 620, dimension: DIMENSION, clusters: 20 });
const HELD = VECTORS.slice(0, 600);
const QUERIES = VECTORS.slice(600);
const SLOTS = HELD.map((_, at) => 10 + at);

function flat(vectors: readonly Int8Array[]): Int8Array {
  const numbers = new Int8Array(vectors.length * DIMENSION);
  for (const [at, vector] of vectors.entries()) numbers.set(vector, at * DIMENSION);
  return numbers;
}

function filled(codeBytes: number) {
  const index = codesMaker(codeBytes).make(DIMENSION, flat(HELD));
  index.add(SLOTS.slice(0, 100), flat(HELD.slice(0, 100)));
  index.add(SLOTS.slice(100), flat(HELD.slice(100)));
  return index;
}

function exact(query: Int8Array, gone: ReadonlySet<number> = new Set()): number[] {
  return SLOTS.filter((slot) => !gone.has(slot))
    .map((slot) => ({ slot, distance: squaredDistance(query, HELD[slot - 10], 0, Infinity) }))
    .sort((one, other) => one.distance - other.distance || one.slot - other.slot)
    .map(({ slot }) => slot);
}

/** Part of the ten nearest that is among `count` candidates. */
function recall(codeBytes: number, count: number): number {
  const index = filled(codeBytes);
  const found = QUERIES.map((query) => {
    const named = new Set(index.nearest(query, count));
    return exact(query)
      .slice(0, 10)
      .filter((slot) => named.has(slot)).length;
  });
  return found.reduce((sum, one) => sum + one, 0) / (10 * QUERIES.length);
}

describe("product codes", () => {
  it("hold nearly all of the ten nearest among some more candidates", () => {
    expect(recall(6, 100)).toBeGreaterThan(0.97);
    expect(recall(2, 200)).toBeGreaterThan(0.9);
  });

  it("hold fewer of them the fewer bytes a code has", () => {
    expect(recall(12, 10)).toBeGreaterThan(recall(2, 10));
  });

  it("take as many bytes as they say, whatever the dimension", () => {
    expect(codesMaker(16).bytesPerEntry(128) - codesMaker(8).bytesPerEntry(128)).toBe(8);
    expect(codesMaker(16).bytesPerEntry(5)).toBe(codesMaker(5).bytesPerEntry(5));
    const odd = codesMaker(4).make(
      5,
      Int8Array.from({ length: 50 }, (_, at) => at),
    );
    odd.add([7, 8], Int8Array.of(0, 1, 2, 3, 4, 45, 46, 47, 48, 49));
    expect(odd.nearest(Int8Array.of(45, 46, 47, 48, 49), 1)).toEqual([8]);
  });

  it("forget what is removed, first, last and between, and name each other entry once", () => {
    const index = filled(6);
    const gone = new Set([10, 609, 300, 301]);
    for (const slot of gone) index.remove(slot);
    index.remove(5);
    expect(index.entries).toBe(596);
    const named = index.nearest(QUERIES[0], 600);
    expect(named.length).toBe(596);
    expect(new Set(named)).toEqual(new Set(SLOTS.filter((slot) => !gone.has(slot))));
    index.add([300], HELD[290]);
    expect(index.nearest(HELD[290], 5)).toContain(300);
  });

  it("name none where none are held or wanted", () => {
    const empty = codesMaker(4).make(DIMENSION, flat(HELD));
    expect(empty.nearest(QUERIES[0], 5)).toEqual([]);
    expect(filled(4).nearest(QUERIES[0], 0)).toEqual([]);
  });
});
