import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grownTiles, tileOfSubtree, tilePath } from "../../../../src-main/ledger/index.ts";

const text = (size: number) => grownTiles(0, size).map(tilePath);

describe("ledger/vector/tiles", () => {
  it("writes paths as C2SP tlog-tiles does", () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
    expect(tilePath({ level: 0, index: 273, width: 112 })).toBe("tile/0/273.p/112");
    expect(tilePath({ level: 3, index: 0, width: 1 })).toBe("tile/3/000.p/1");
    expect(tilePath({ level: 0, index: 1000, width: 256 })).toBe("tile/0/x001/000");
  });

  it("cuts 70,000 slots as the specification's example says", () => {
    const level0 = grownTiles(0, 70_000).filter((tile) => tile.level === 0);
    expect(level0).toHaveLength(274);
    expect(level0.filter((tile) => tile.width === 256)).toHaveLength(273);
    expect(text(70_000).slice(-4)).toEqual([
      "tile/0/273.p/112",
      "tile/1/000",
      "tile/1/001.p/17",
      "tile/2/000.p/1",
    ]);
  });

  it("names every hash of a grown vector in exactly one tile that was written for it", () => {
    const sizes = fc.tuple(fc.nat(3_000), fc.nat(3_000), fc.nat(3_000));
    fc.assert(
      fc.property(sizes, (grown) => {
        const held = new Map<string, number>();
        let size = 0;
        for (const by of grown) {
          for (const { level, index, width } of grownTiles(size, size + by)) {
            const before = held.get(`${level}/${index}`) ?? 0;
            expect(width).toBeGreaterThan(before);
            held.set(`${level}/${index}`, width);
          }
          size += by;
        }
        const again = new Map<string, number>();
        for (const { level, index, width } of grownTiles(0, size)) {
          again.set(`${level}/${index}`, width);
        }
        expect(held).toEqual(again);
      }),
    );
  });

  it("finds a subtree's hash, or the hashes that fold to it", () => {
    expect(tileOfSubtree(0, 300)).toEqual({ level: 0, index: 1, position: 44, count: 1 });
    expect(tileOfSubtree(8, 300)).toEqual({ level: 1, index: 1, position: 44, count: 1 });
    expect(tileOfSubtree(7, 3)).toEqual({ level: 0, index: 1, position: 128, count: 128 });
  });
});
