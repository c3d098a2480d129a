import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leafHash, MerkleFrontier, rangeHash, sha256 } from "../../../src-main/crypto/index.ts";
import { rootFromLeafHashes } from "../../../src-main/crypto/index.ts";
import { subtreesOf, tilesAfter, tileWidth } from "../../../src-main/node/tree-tiles.ts";
import type { ReadTile } from "../../../src-main/node/tree-tiles.ts";

const LEAVES = Array.from({ length: 700 }, (_, index) =>
  leafHash(sha256, Uint8Array.of(index & 255, index >> 8)),
);

/** Tiles of a tree that grew by these steps. */
function grown(steps: readonly number[]): { readTile: ReadTile; size: number } {
  const tiles = new Map<string, Uint8Array>();
  const readTile: ReadTile = (tree, level, index) => {
    const tile = tiles.get(`${tree}/${level}/${index}`);
    if (tile === undefined) throw new Error(`no tile ${level}/${index}`);
    return tile;
  };
  const frontier = new MerkleFrontier(sha256);
  for (const step of steps) {
    const leafHashes = LEAVES.slice(frontier.size, frontier.size + step);
    const growth = { tree: "vector" as const, frontier: frontier.serialise(), leafHashes };
    for (const tile of tilesAfter(sha256, growth, readTile)) {
      tiles.set(`${tile.tree}/${tile.level}/${tile.index}`, tile.hashes);
    }
    for (const leaf of leafHashes) frontier.append(leaf);
  }
  return { readTile, size: frontier.size };
}

describe("tree-tiles", () => {
  it("gives the root of the leaves, however the tree grew", () => {
    const steps = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(steps, (list) => {
        const { readTile, size } = grown(list);
        const read = subtreesOf(sha256, "vector", readTile);
        const root = rangeHash(sha256, { first: 0, count: size }, read);
        expect(root).toEqual(rootFromLeafHashes(sha256, LEAVES.slice(0, size)));
      }),
      { numRuns: 15 },
    );
  });

  it("knows how wide each tile is", () => {
    expect(tileWidth(0, 0, 255)).toBe(255);
    expect(tileWidth(0, 1, 600)).toBe(256);
    expect(tileWidth(0, 2, 600)).toBe(88);
    expect([tileWidth(1, 0, 255), tileWidth(1, 0, 600), tileWidth(0, 3, 600)]).toEqual([0, 2, 0]);
  });
});
