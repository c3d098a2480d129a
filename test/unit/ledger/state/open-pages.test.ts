import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePage, encodePage } from "../../../../src-main/ledger/state/map-page.ts";
import type { Place } from "../../../../src-main/ledger/state/map-page.ts";
import { EMPTY, LEAF, OpenPages, SUBTREE } from "../../../../src-main/ledger/state/open-pages.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant("leaf" as const), key: bytes32, hash: bytes32 }),
  fc.record({ kind: fc.constant("subtree" as const), hash: bytes32 }),
);
const anyPage = fc.array(anyPlace, { minLength: 64, maxLength: 64 });
const noPage = Array.from({ length: 64 }, (): Place => undefined);

function change(open: OpenPages, page: number, place: number, to: Place): void {
  if (to === undefined) open.unset(page, place);
  else if (to.kind === "leaf") open.setLeaf(page, place, to.key, to.hash);
  else open.setSubtree(page, place, to.hash, 0);
}

describe("ledger/state/open-pages", () => {
  it("gives the bytes of a page whose places changed, as encoding that page does", () => {
    const changes = fc.array(fc.tuple(fc.nat(63), anyPlace), { maxLength: 80 });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyPage, changes), { minLength: 1, maxLength: 5 }), (all) => {
        // Little memory at first, so that it grows while pages are open.
        const open = new OpenPages(64);
        const numbers = all.map(([page, some]) => open.open(encodePage(page), some.length));
        for (const [index, [page, some]] of all.entries()) {
          const expected = [...page];
          for (const [place, to] of some) {
            change(open, numbers[index], place, to);
            expected[place] = to;
          }
          expect(open.pageBytes(numbers[index])).toEqual(encodePage(expected));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("says what stands at a place", () => {
    fc.assert(
      fc.property(anyPage, (page) => {
        const open = new OpenPages();
        open.open(encodePage(noPage), 0);
        const number = open.open(encodePage(page), 0);
        for (const [index, place] of page.entries()) {
          const kind = place === undefined ? EMPTY : place.kind === "leaf" ? LEAF : SUBTREE;
          expect(open.kind(number, index)).toBe(kind);
          if (place?.kind !== "leaf") continue;
          expect(open.key(number, index)).toEqual(place.key);
          expect(open.leafHash(number, index)).toEqual(place.hash);
          expect(open.hasKey(number, index, place.key)).toBe(true);
        }
      }),
    );
  });

  it("moves the only leaf of a page into another", () => {
    fc.assert(
      fc.property(
        anyPage,
        fc.nat(63),
        fc.nat(63),
        bytes32,
        bytes32,
        (page, from, to, key, hash) => {
          const open = new OpenPages();
          const above = open.open(encodePage(page), 1);
          const below = open.open(undefined, 2);
          open.setLeaf(below, from, key, hash);
          open.takeLeaf(above, to, below);
          const expected = page.map((place, index) => {
            return index === to ? { kind: "leaf" as const, key, hash } : place;
          });
          expect(decodePage(open.pageBytes(above))).toEqual(expected);
        },
      ),
    );
  });

  it("refuses bytes that are no page", () => {
    const sound = encodePage([{ kind: "subtree", hash: new Uint8Array(32) }, ...noPage.slice(1)]);
    const faults = [
      new Uint8Array(15),
      new Uint8Array(17),
      new Uint8Array(16).fill(0xff),
      Uint8Array.of(3, ...new Uint8Array(15)),
      sound.slice(0, 44),
      Uint8Array.of(...sound, 0, 0, 0, 0),
      new Uint8Array(16 + 64 * 64 + 4),
    ];
    for (const bytes of faults) {
      expect(() => new OpenPages().open(bytes, 1)).toThrow("page of the state is malformed");
    }
  });

  it("stops where a page takes more than it was opened for", () => {
    const open = new OpenPages();
    const page = open.open(undefined, 1);
    open.setLeaf(page, 0, new Uint8Array(32), new Uint8Array(32));
    expect(() => {
      open.setLeaf(page, 1, new Uint8Array(32), new Uint8Array(32));
    }).toThrow("opened for its changes");
  });
});
