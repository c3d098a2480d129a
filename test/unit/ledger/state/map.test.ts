import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex, concatBytes } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { keyBit } from "../../../../src-main/ledger/state/map-page.ts";
import {
  EMPTY_STATE_ROOT,
  hashPairsWith,
  stateMapRoot,
  updateStateMap,
} from "../../../../src-main/ledger/state/map.ts";

type Rows = Map<string, { readonly key: Uint8Array; readonly value: Uint8Array }>;

/** The definition, read off the contract's sentence: no pages, no batches. */
function naiveRoot(rows: Rows): Uint8Array {
  const node = (leaves: { key: Uint8Array; value: Uint8Array }[], depth: number): Uint8Array => {
    if (leaves.length === 0) return new Uint8Array(32);
    if (leaves.length === 1) {
      const { key, value } = leaves[0];
      return sha256(concatBytes(Uint8Array.of(0), key, sha256(value)));
    }
    const left = leaves.filter(({ key }) => keyBit(key, depth) === 0);
    const right = leaves.filter(({ key }) => keyBit(key, depth) === 1);
    return sha256(concatBytes(node(left, depth + 1), node(right, depth + 1)));
  };
  return node([...rows.values()], 0);
}

class PagedMap {
  readonly pages = new Map<string, Uint8Array>();
  readonly rows: Rows = new Map();
  root = EMPTY_STATE_ROOT;

  readonly readPage = (key: Uint8Array) => this.pages.get(bytesToHex(key));

  apply(changes: readonly { key: Uint8Array; value: Uint8Array | undefined }[]): void {
    const needs = { hasher: sha256, readPage: this.readPage };
    const { root, pages } = updateStateMap(needs, changes);
    for (const { key, bytes } of pages) {
      if (bytes === undefined) this.pages.delete(bytesToHex(key));
      else this.pages.set(bytesToHex(key), bytes);
    }
    for (const { key, value } of changes) {
      if (value === undefined) this.rows.delete(bytesToHex(key));
      else this.rows.set(bytesToHex(key), { key, value });
    }
    this.root = root;
  }
}

/** Keys that often share long prefixes, so that leaves meet deep down. */
const anyKey = fc.tuple(fc.nat(3), fc.nat(255), fc.nat(7)).map(([kind, deep, high]) => {
  const key = new Uint8Array(32).fill(kind === 0 ? 0xff : 0);
  key[0] = high << 5;
  key[kind === 1 ? 31 : kind] ^= deep;
  return key;
});
const anyChange = fc.record({
  key: anyKey,
  value: fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined, freq: 3 }),
});
const anyBatch = fc.uniqueArray(anyChange, {
  maxLength: 12,
  selector: ({ key }) => bytesToHex(key),
});

const anyShuffled = anyBatch.chain((batch) =>
  fc.tuple(fc.constant(batch), fc.shuffledSubarray(batch, { minLength: batch.length })),
);

describe("ledger/state/map", () => {
  it("has the root of the naive recursion after any batches of writes and deletes", () => {
    fc.assert(
      fc.property(fc.array(anyBatch, { maxLength: 6 }), (batches) => {
        const map = new PagedMap();
        for (const batch of batches) {
          map.apply(batch);
          expect(bytesToHex(map.root)).toBe(bytesToHex(naiveRoot(map.rows)));
          const needs = { hasher: sha256, readPage: map.readPage };
          expect(bytesToHex(stateMapRoot(needs))).toBe(bytesToHex(map.root));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("holds the same pages whatever order led to the same rows", () => {
    fc.assert(
      fc.property(anyShuffled, ([batch, shuffled]) => {
        const once = new PagedMap();
        once.apply(batch.map(({ key }) => ({ key, value: key })));
        once.apply(batch);
        const slowly = new PagedMap();
        for (const change of shuffled) slowly.apply([change]);
        expect(bytesToHex(slowly.root)).toBe(bytesToHex(once.root));
        const rootPage = new PagedMap();
        rootPage.apply([]);
        const texts = (map: PagedMap) =>
          [...map.pages].map(([key, bytes]) => `${key}=${bytesToHex(bytes)}`).sort();
        expect(texts(slowly).length === 0 ? texts(rootPage) : texts(slowly)).toEqual(texts(once));
      }),
      { numRuns: 100 },
    );
  });

  it("leaves only an empty root page when everything is deleted", () => {
    const map = new PagedMap();
    const keys = Array.from({ length: 300 }, (_, at) => sha256(Uint8Array.of(at & 255, at >> 8)));
    map.apply(keys.map((key) => ({ key, value: key })));
    map.apply(keys.map((key) => ({ key, value: undefined })));
    expect(bytesToHex(map.root)).toBe(bytesToHex(EMPTY_STATE_ROOT));
    expect(map.pages.size).toBe(1);
  });

  it("gives a batch hasher the pairs it would hash itself", () => {
    const map = new PagedMap();
    const keys = Array.from({ length: 200 }, (_, at) => sha256(Uint8Array.of(at)));
    map.apply(keys.map((key) => ({ key, value: key })));
    let batches = 0;
    const hashPairs = (pairs: Uint8Array) => {
      batches += 1;
      return hashPairsWith(sha256)(pairs);
    };
    const root = stateMapRoot({ hasher: sha256, hashPairs, readPage: map.readPage });
    expect(bytesToHex(root)).toBe(bytesToHex(map.root));
    expect(batches).toBe(6);
  });

  it("stops when a page is missing instead of giving another root", () => {
    const map = new PagedMap();
    const keys = Array.from({ length: 300 }, (_, at) => sha256(Uint8Array.of(at & 255, at >> 8)));
    map.apply(keys.map((key) => ({ key, value: key })));
    for (const name of [...map.pages.keys()]) if (name.startsWith("06")) map.pages.delete(name);
    expect(() => map.apply([{ key: keys[0], value: undefined }])).toThrow("page of a subtree");
  });

  it("refuses a batch that changes a key twice", () => {
    const key = new Uint8Array(32);
    const twice = [
      { key, value: key },
      { key, value: undefined },
    ];
    expect(() => new PagedMap().apply(twice)).toThrow("changes once");
  });
});
