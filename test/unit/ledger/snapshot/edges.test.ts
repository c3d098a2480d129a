import { describe, expect, it } from "vitest";
import { leafHash, MerkleFrontier, sha256 } from "../../../../src-main/crypto/index.ts";
import { tileOfSubtree } from "../../../../src-main/ledger/vector/tiles.ts";
import { edgePlaces, frontierOfEdges } from "../../../../src-main/ledger/snapshot/edges.ts";

describe("edges", () => {
  it("give the right edge that appending leaf by leaf gives, at every size", () => {
    const frontier = new MerkleFrontier(sha256);
    const tiles = new Map<string, number[]>();
    const sizes = new Set([0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 640, 700]);
    for (let size = 0; size <= 700; size += 1) {
      if (sizes.has(size)) {
        const edges = edgePlaces(size).map(({ level, index, width }) =>
          Uint8Array.from((tiles.get(`${level}/${index}`) ?? []).slice(0, 32 * width)),
        );
        const made = frontierOfEdges(sha256, size, edges);
        expect(made?.serialise()).toEqual(frontier.serialise());
        if (size > 0) {
          const cut = edges.map((edge) => edge.subarray(0, Math.max(0, edge.length - 32)));
          expect(frontierOfEdges(sha256, size, cut)).toBeUndefined();
          expect(frontierOfEdges(sha256, size, edges.slice(1))).toBeUndefined();
        }
      }
      frontier.append(leafHash(sha256, Uint8Array.of(size & 255, size >> 8)), (level, index, h) => {
        const place = tileOfSubtree(level, index);
        if (place.count !== 1) return;
        const name = `${place.level}/${place.index}`;
        tiles.set(name, [...(tiles.get(name) ?? []), ...h]);
      });
    }
  });
});
