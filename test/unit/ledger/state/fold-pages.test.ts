import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { foldPages, rootKind } from "../../../../src-main/ledger/state/fold-pages.ts";
import { foldPage } from "../../../../src-main/ledger/state/map-fold.ts";
import { encodePage } from "../../../../src-main/ledger/state/map-page.ts";
import type { Place } from "../../../../src-main/ledger/state/map-page.ts";
import { hashPairsWith } from "../../../../src-main/ledger/state/map.ts";
import { bytesOfWords, PageDesk } from "../../../../src-main/ledger/state/page-places.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  fc.record({ kind: fc.constant("leaf" as const), key: bytes32, hash: bytes32 }),
  fc.record({ kind: fc.constant("subtree" as const), hash: bytes32 }),
);
const anyPage = fc.array(anyPlace, { minLength: 64, maxLength: 64 });
const hashPairs = hashPairsWith(sha256);

describe("ledger/state/fold-pages", () => {
  it("gives every page the root that folding it alone gives", () => {
    fc.assert(
      fc.property(fc.array(anyPage, { minLength: 1, maxLength: 4 }), (pages) => {
        const desk = new PageDesk();
        const numbers = pages.map((page) => desk.read(encodePage(page)));
        const roots = foldPages(desk, numbers, hashPairs);
        for (const [index, page] of pages.entries()) {
          const root = foldPage(page, hashPairs)[0][0];
          const kind = root === undefined ? 0 : root.leaf === undefined ? 2 : 1;
          expect(rootKind(roots, index)).toBe(kind);
          if (root !== undefined) expect(bytesOfWords(roots.hashes, 8 * index)).toEqual(root.hash);
        }
      }),
      { numRuns: 40 },
    );
  });
});
