import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseMapHashing } from "../../../../src-main/adapters/native-crypto/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { foldPages, rootKind } from "../../../../src-main/ledger/state/fold-pages.ts";
import { foldPage } from "../../../../src-main/ledger/state/map-fold.ts";
import { encodePage } from "../../../../src-main/ledger/state/map-page.ts";
import type { HashPairs, Place } from "../../../../src-main/ledger/state/map-page.ts";
import { hashPairsWith } from "../../../../src-main/ledger/state/map.ts";
import { OpenPages } from "../../../../src-main/ledger/state/open-pages.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  fc.record({ kind: fc.constant("leaf" as const), key: bytes32, hash: bytes32 }),
  fc.record({ kind: fc.constant("subtree" as const), hash: bytes32 }),
);
const fewPlaces = fc.array(fc.tuple(fc.nat(63), anyPlace), { maxLength: 3 }).map((some) => {
  const page = Array.from({ length: 64 }, (): Place => undefined);
  for (const [place, what] of some) page[place] = what;
  return page;
});
const anyPage = fc.oneof(fc.array(anyPlace, { minLength: 64, maxLength: 64 }), fewPlaces);
const hashPairs = hashPairsWith(sha256);

function holds(pages: readonly (readonly Place[])[], hashing: HashPairs): void {
  const open = new OpenPages();
  const numbers = pages.map((page) => open.open(encodePage(page), 0));
  const starts = Uint32Array.from(numbers, (page) => open.start(page));
  const roots = foldPages(open.bytes.subarray(0, open.used), starts, hashing);
  for (const [index, page] of pages.entries()) {
    const root = foldPage(page, hashPairs)[0][0];
    const kind = root === undefined ? 0 : root.leaf === undefined ? 2 : 1;
    expect(rootKind(roots, index)).toBe(kind);
    const hash = roots.hashes.slice(32 * index, 32 * index + 32);
    if (root !== undefined) expect(hash).toEqual(root.hash);
  }
}

describe("ledger/state/fold-pages", () => {
  it.each([
    ["pair by pair", hashPairs],
    ["as the machine does", chooseMapHashing()],
  ])("gives every page the root that folding it alone gives: %s", (_, hashing) => {
    fc.assert(
      fc.property(fc.array(anyPage, { minLength: 1, maxLength: 20 }), (pages) => {
        holds(pages, hashing);
      }),
      { numRuns: 30 },
    );
  });
});
