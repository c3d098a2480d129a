import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  collectionOf,
  committedSearch,
  liveEntries,
} from "../../../../src-main/ledger/index/index.ts";
import type { SearchHit, SearchRequest } from "../../../../src-main/ledger/index/index.ts";
import { addition, IndexWorld, scattered, searchFor } from "../../../worlds/index-world.ts";
import { codeOf, must } from "../../../worlds/practice-world.ts";

const KINDS = ["dataset", "model", "job", "other"] as const;

/** 900 entries in 3 dimensions with tags and kinds; every seventh is retracted. */
function filled() {
  const world = new IndexWorld();
  const numbers = scattered(5);
  const entries = Array.from({ length: 900 }, (_, slot) =>
    addition(slot, [numbers.next().value, numbers.next().value, numbers.next().value & 7], {
      tags: ["even", "third"].filter((_tag, at) => slot % (at + 2) === 0),
      what: KINDS[slot % 4],
    }),
  );
  const gone = entries.filter(({ slot }) => slot % 7n === 0n);
  world.commit(entries);
  world.commit(
    gone.map(({ slot }, at) => ({ kind: "retract", slot: BigInt(1_000 + at), target: slot })),
  );
  return { world, left: entries.filter(({ slot }) => slot % 7n !== 0n) };
}

const { world, left } = filled();
const view = { hasher: sha256, readPage: world.readPage };

/** The answer by looking at everything, which is what as many probes as lists must give. */
function exact({ query, k, tags, what }: SearchRequest): SearchHit[] {
  return left
    .filter((entry) => (tags ?? []).every((tag) => entry.tags.includes(tag)))
    .filter((entry) => what === undefined || entry.what === what)
    .map(({ slot, embedding }) => {
      const numbers = [...Int8Array.from(embedding)];
      return { slot, distance: numbers.reduce((sum, one, at) => sum + (one - query[at]) ** 2, 0) };
    })
    .sort((one, other) => one.distance - other.distance || Number(one.slot - other.slot))
    .slice(0, k);
}

describe("ledger/index/committed-search", () => {
  it("gives the exact answer when it reads every list, with any filter", () => {
    const number = fc.integer({ min: -128, max: 127 });
    const request = fc.record({
      query: fc.tuple(number, number, number),
      k: fc.integer({ min: 1, max: 100 }),
      tags: fc.subarray(["even", "third", "absent"]),
      what: fc.option(fc.constantFrom(...KINDS), { nil: undefined }),
    });
    fc.assert(
      fc.property(request, ({ query, ...rest }) => {
        const asked = { ...searchFor(query, { probes: 64, k: rest.k, tags: rest.tags }) };
        const whole = rest.what === undefined ? asked : { ...asked, what: rest.what };
        expect(must(committedSearch(view, whole))).toEqual(exact(whole));
      }),
      { numRuns: 100 },
    );
  });

  it("orders equal distances by slot, also where the last one is cut off", () => {
    const same = new IndexWorld();
    same.commit([3, 5, 7, 9].map((slot) => addition(slot, [slot === 9 ? 1 : 2])));
    const slots = (k: number) =>
      must(committedSearch({ hasher: sha256, readPage: same.readPage }, searchFor([0], { k }))).map(
        ({ slot }) => slot,
      );
    expect(slots(3)).toEqual([9n, 3n, 5n]);
    expect(slots(10)).toEqual([9n, 3n, 5n, 7n]);
  });

  it("answers nothing for a collection that is not there", () => {
    expect(must(committedSearch(view, searchFor([1], { collection: "none" })))).toEqual([]);
    expect(collectionOf(view, "none")).toBeUndefined();
    expect(liveEntries(view, "none")).toEqual([]);
  });

  it("lists every live entry and no other", () => {
    const slots = liveEntries(view, "things").map(({ slot }) => slot);
    expect(slots.sort((one, other) => Number(one - other))).toEqual(left.map(({ slot }) => slot));
  });

  it.each([
    ["no hits", { k: 0 }],
    ["101 hits", { k: 101 }],
    ["half a hit", { k: 1.5 }],
    ["no lists", { probes: 0 }],
    ["65 lists", { probes: 65 }],
    ["17 tags", { tags: Array.from({ length: 17 }, String) }],
    ["no numbers", { query: new Int8Array(0) }],
    ["4,097 numbers", { query: new Int8Array(4_097) }],
  ])("refuses a search for %s", (_, change) => {
    expect(codeOf(committedSearch(view, searchFor([1, 2, 3], change)))).toBe(
      "LEDGER_SEARCH_REQUEST",
    );
  });

  it("refuses a query of another dimension", () => {
    expect(codeOf(committedSearch(view, searchFor([1, 2])))).toBe("LEDGER_SEARCH_DIMENSION");
  });
});
