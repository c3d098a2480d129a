import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { squaredDistance } from "../../../../src-main/ledger/index/index.ts";
import {
  cutVectors,
  partialDistances,
  placeLists,
  reachLists,
  shardsOf,
  sumPartials,
} from "../../../../src-main/node/search/partition.ts";

const KEYS = Array.from({ length: 400 }, (_, at) => new TextEncoder().encode(`list ${at}`));
const names = (count: number) => Array.from({ length: count }, (_, at) => `node-${at}`);
const placed = (shards: readonly string[]) => KEYS.map((key) => shardsOf(sha256, key, shards)[0]);

const network = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), {
  minLength: 2,
  maxLength: 12,
});

describe("partition", () => {
  it("moves only what a leaving node held, wherever it stood among the others", () => {
    fc.assert(
      fc.property(network, fc.nat(), (shards, which) => {
        const leaving = shards[which % shards.length];
        const before = placed(shards);
        const after = placed(shards.filter((shard) => shard !== leaving));
        for (const [at, shard] of before.entries()) {
          if (shard !== leaving) expect(after[at]).toBe(shard);
        }
      }),
      { numRuns: 12 },
    );
  });

  it("moves 1 in n keys to a node that joins, and every one of them to it", () => {
    for (const count of [2, 4, 9]) {
      const before = placed(names(count));
      const after = placed(names(count + 1));
      const moved = after.filter((shard, at) => shard !== before[at]);
      expect(new Set(moved)).toEqual(new Set([`node-${count}`]));
      const expected = KEYS.length / (count + 1);
      // Four standard deviations of a binomial draw.
      const spread = 4 * Math.sqrt(expected * (1 - 1 / (count + 1)));
      expect(Math.abs(moved.length - expected)).toBeLessThan(spread);
    }
  });

  it("does not depend on the order in which nodes are named", () => {
    expect(placed([...names(5)].reverse())).toEqual(placed(names(5)));
  });

  it("would move nearly all keys were they dealt out by remainder, as it guards against", () => {
    const dealt = (count: number) => KEYS.map((_, at) => at % count);
    const after = dealt(5);
    expect(dealt(4).filter((shard, at) => shard !== after[at]).length).toBeGreaterThan(300);
  });

  it("asks a living copy, one that is asked anyway first, and says what is lost", () => {
    const lists = placeLists(sha256, "things", 16, names(4), 2);
    const all = Array.from(lists.keys());
    const whole = reachLists(all, lists, new Set());
    expect(whole.lost).toEqual([]);
    expect(reachLists(all, lists, new Set(["node-0"])).lost).toEqual([]);
    const two = reachLists(all, lists, new Set(["node-0", "node-1"]));
    const gone = all.filter((list) => lists[list].every((s) => s === "node-0" || s === "node-1"));
    expect(two.lost).toEqual(gone);
    expect(reachLists([0, 1], [["a", "b"], ["b"]], new Set(["a"])).touched).toEqual(new Set(["b"]));
    expect(reachLists([0], [["a"]], new Set(["a"]))).toEqual({ touched: new Set(), lost: [0] });
  });

  it("adds distances over parts up to the whole, exactly", () => {
    const numbers = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.integer({ min: 1, max: 24 }), (q, a, b, parts) => {
        const query = Int8Array.from(q);
        const vectors = Int8Array.from([...a, ...b]);
        const answers = cutVectors(vectors, 24, parts).map((part) => partialDistances(query, part));
        const whole = [0, 24].map((at) => squaredDistance(query, vectors, at, Infinity));
        expect([...sumPartials(answers)]).toEqual(whole);
      }),
    );
  });
});
