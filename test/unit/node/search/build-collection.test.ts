import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { collectionOf, committedSearch } from "../../../../src-main/ledger/index/index.ts";
import { buildCollection } from "../../../../src-main/node/search/build-collection.ts";
import { addition, IndexWorld, searchFor } from "../../../worlds/index-world.ts";
import { NaiveNearest } from "../../../worlds/naive-nearest.ts";
import { must } from "../../../worlds/practice-world.ts";

function built(index: IndexWorld, maker = new NaiveNearest()) {
  const view = { hasher: sha256, readPage: index.readPage };
  const row = collectionOf(view, "things");
  if (row === undefined) throw new Error("no collection");
  const steps = buildCollection(view, { name: "things", row, maker, readEmbedding: undefined });
  let count = 0;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { collection: step.value, steps: count, row, view };
    count += 1;
  }
}

describe("building a collection", () => {
  it("takes every live entry of all lists in, in small steps", () => {
    const index = new IndexWorld();
    index.scatter(0, 600, 4);
    index.commit([addition(700, [1, 2, 3, 4]), { kind: "retract", slot: 701n, target: 17n }]);
    const { collection, row, steps, view } = built(index);
    expect(row.builtAt).toBeGreaterThan(0n);
    expect(collection.entries).toBe(Number(row.live));
    expect(collection.has(17n)).toBe(false);
    expect(collection.has(700n)).toBe(true);
    expect(steps).toBeGreaterThan(16);
    const request = searchFor([1, 2, 3, 4], { k: 12, probes: 64 });
    expect(collection.search(sha256, request)).toEqual(must(committedSearch(view, request)));
  });

  it("gives what learns a sample of every list, no more than it wants", () => {
    const index = new IndexWorld();
    index.scatter(0, 600, 4);
    const maker = new NaiveNearest(64);
    built(index, maker);
    expect(maker.samples[0].length).toBeLessThanOrEqual(4 * 64);
    expect(maker.samples[0].length).toBeGreaterThan(4 * 40);
  });

  it("prepares before it adds", () => {
    const index = new IndexWorld();
    index.scatter(0, 40, 4);
    const maker = new NaiveNearest(8);
    const order: string[] = [];
    const make = maker.make.bind(maker);
    maker.make = (dimension, sample) => {
      const made = make(dimension, sample);
      const prepare = function* (): Iterable<undefined> {
        order.push("prepare");
        yield;
      };
      const add = (slots: readonly number[], embeddings: Int8Array) => {
        order.push("add");
        made.add(slots, embeddings);
      };
      return { ...made, entries: 0, prepare, add };
    };
    built(index, maker);
    expect(order).toEqual(["prepare", "add"]);
  });
});
