import { describe, expect, it } from "vitest";
import { hexToBytes } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { checkIndexPages } from "../../../../src-main/ledger/snapshot/check-index-pages.ts";
import { addition, IndexWorld } from "../../../worlds/index-world.ts";

const needs = { hasher: sha256 };
const pagesOf = (world: IndexWorld) =>
  [...world.pages].map(([key, bytes]) => ({ key: hexToBytes(key), bytes }));

/** Lists after a build, tombstones, and two collections. */
function builtWorld(): IndexWorld {
  const world = new IndexWorld();
  world.scatter(0, 300, 8);
  world.commit([{ kind: "retract", slot: 300n, target: 7n }]);
  world.commit([addition(301, [1, 2, 3], { collection: "others" })]);
  return world;
}

describe("check-index-pages", () => {
  it("gives the root of an index that is whole, and zeros for none", () => {
    const world = builtWorld();
    expect(checkIndexPages(needs, pagesOf(world))).toEqual(world.root);
    expect(checkIndexPages(needs, [])).toEqual(new Uint8Array(32));
  });

  it("refuses every page that is gone, changed or too many", () => {
    const world = builtWorld();
    const pages = pagesOf(world);
    expect(pages.length).toBeGreaterThan(10);
    for (const [at, page] of pages.entries()) {
      const without = pages.filter((_, index) => index !== at);
      expect(checkIndexPages(needs, without) ?? "none").not.toEqual(world.root);
      const bytes = page.bytes.slice();
      bytes[bytes.length >> 1] ^= 8;
      const changed = pages.with(at, { ...page, bytes });
      expect(checkIndexPages(needs, changed) ?? "none").not.toEqual(world.root);
    }
    const more = { key: Uint8Array.of(0xfd, 5, 1, 2, 3, 4, 5, 6, 7, 8), bytes: new Uint8Array(4) };
    expect(checkIndexPages(needs, [...pages, more])).toBeUndefined();
  });
});
