import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { rankHits, tagNumber } from "../../../../src-main/ledger/index/index.ts";
import type { IndexEntry, SearchRequest } from "../../../../src-main/ledger/index/index.ts";
import { AcceleratedCollection } from "../../../../src-main/node/search/accelerated-collection.ts";
import { scattered, searchFor } from "../../../worlds/index-world.ts";
import { NaiveNearest } from "../../../worlds/naive-nearest.ts";

const DIMENSION = 4;
const KINDS = ["dataset", "model", "job", "other"] as const;

function entries(count: number, seed = 1): IndexEntry[] {
  const numbers = scattered(seed);
  return Array.from({ length: count }, (_, at) => ({
    slot: BigInt(3 * at + 1),
    retracts: undefined,
    what: KINDS[at % 4],
    tags: [tagNumber(sha256, at % 2 === 0 ? "even" : "odd")],
    embedding: Uint8Array.from({ length: DIMENSION }, () => numbers.next().value),
  }));
}

function collection(held: readonly IndexEntry[], { naive = new NaiveNearest(), log = false } = {}) {
  const bySlot = new Map(held.map((entry) => [Number(entry.slot), entry.embedding]));
  const read = (slot: number) => {
    const bytes = bySlot.get(slot);
    return bytes === undefined ? undefined : new Int8Array(bytes.buffer, bytes.byteOffset, 4);
  };
  const index = naive.make(DIMENSION, new Int8Array(0));
  const readEmbedding = log ? read : undefined;
  const made = new AcceleratedCollection({ dimension: DIMENSION, index, readEmbedding });
  made.add(held);
  return made;
}

const defined = (request: SearchRequest, held: readonly IndexEntry[]) =>
  rankHits(sha256, request, [held]);

describe("an accelerated collection", () => {
  it.each([false, true])("answers what the definition does, embeddings in the log: %s", (log) => {
    const number = fc.integer({ min: -128, max: 127 });
    const query = fc.array(number, { minLength: DIMENSION, maxLength: DIMENSION });
    fc.assert(
      fc.property(query, fc.integer({ min: 1, max: 20 }), fc.nat(9), (numbers, k, seed) => {
        const held = entries(60, seed);
        const request = searchFor(numbers, { k });
        expect(collection(held, { log }).search(sha256, request)).toEqual(defined(request, held));
      }),
      { numRuns: 40 },
    );
  });

  it("orders entries that are equally near by their slots", () => {
    const held = entries(6).map((entry) => ({ ...entry, embedding: Uint8Array.of(1, 2, 3, 4) }));
    const naive = new NaiveNearest();
    naive.fault = (slots) => [...slots].reverse();
    const hits = collection(held, { naive }).search(sha256, searchFor([1, 2, 3, 4], { k: 6 }));
    expect(hits?.map(({ slot }) => slot)).toEqual(held.map(({ slot }) => slot));
  });

  it("filters as the definition does, and says so where too few are left", () => {
    const held = entries(80);
    const request = searchFor([5, 5, 5, 5], { k: 5, tags: ["even"], what: "job" });
    expect(collection(held).search(sha256, request)).toEqual(defined(request, held));
    const rare = searchFor([5, 5, 5, 5], { k: 5, tags: ["even", "odd"] });
    expect(collection(held).search(sha256, rare)).toBeUndefined();
  });

  it("passes over what it does not hold, was removed, or is named twice", () => {
    const held = entries(30);
    const naive = new NaiveNearest();
    naive.fault = (slots) => [999_999, held.length, ...slots, ...slots, Number(held[0].slot)];
    const made = collection(held, { naive });
    made.remove(held[0].slot);
    made.remove(12_345n);
    expect(made.has(held[0].slot)).toBe(false);
    const request = searchFor([...held[0].embedding], { k: 7 });
    expect(made.search(sha256, request)).toEqual(defined(request, held.slice(1)));
  });

  it("measures again: a structure that puts far things first changes no order", () => {
    const held = entries(40);
    const naive = new NaiveNearest();
    naive.fault = (slots) => [...slots].sort((one, other) => (one % 7) - (other % 7));
    const request = searchFor([1, 1, 1, 1], { k: 10 });
    expect(collection(held, { naive }).search(sha256, request)).toEqual(defined(request, held));
  });

  it("uses the rows of removed entries again, and takes a slot once", () => {
    const held = entries(50);
    const made = collection(held);
    for (const { slot } of held.slice(0, 25)) made.remove(slot);
    const later = entries(25, 3).map((entry) => ({ ...entry, slot: entry.slot + 1_000n }));
    made.add(later);
    made.add(later.slice(0, 3));
    expect(made.entries).toBe(50);
    const request = searchFor([9, 8, 7, 6], { k: 20 });
    const now = [...held.slice(25), ...later];
    expect(made.search(sha256, request)).toEqual(defined(request, now));
  });
});
