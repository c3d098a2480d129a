/**
 * Decides how the vector's hashes are cut into immutable tiles (C2SP tlog-tiles): tile n of level
 * l holds up to 256 hashes of complete subtrees with 256^l leaves each.
 */

import { invariant } from "../../contract/outcome.ts";

/** Hashes of a full tile. */
export const TILE_WIDTH = 256;
/** Levels of the Merkle tree within one tile. */
export const TILE_HEIGHT = 8;
/** Bytes of a full tile. */
export const TILE_BYTES: number = TILE_WIDTH * 32;

/** A tile and how many hashes it holds. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1..256; below 256 only at the right edge. */
  readonly width: number;
}

/** Where a subtree's hash stands: tile level, tile index, and position in the tile. */
export interface TileHash {
  readonly level: number;
  readonly index: number;
  readonly position: number;
  /** Hashes of the tile to fold into one: 1, 2, 4, … 128. */
  readonly count: number;
}

/** Path of a tile below the log's prefix: `tile/0/x001/x234/067`, with `.p/<width>` if partial. */
export function tilePath(tile: Tile): string {
  invariant(tile.level >= 0, "a tile has a level");
  return `tile/${tile.level}/${numberPath(tile.index, tile.width)}`;
}

/** Path of the entries below a tile of level 0: `tile/entries/x001/x234/067`, partial likewise. */
export function bundlePath(index: number, width: number): string {
  return `tile/entries/${numberPath(index, width)}`;
}

function numberPath(index: number, width: number): string {
  invariant(width >= 1 && width <= TILE_WIDTH && index >= 0, "a tile has an index and hashes");
  const digits = String(index);
  const padded = digits.padStart(digits.length + ((3 - (digits.length % 3)) % 3), "0");
  const groups = padded.match(/.{3}/g) as string[];
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group));
  const partial = width === TILE_WIDTH ? "" : `.p/${width}`;
  return `${path.join("/")}${partial}`;
}

/** Which hashes of which tile make the complete subtree at a tree level and index. */
export function tileOfSubtree(level: number, index: number): TileHash {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 1 << (level % TILE_HEIGHT);
  const first = index * count;
  return {
    level: tileLevel,
    index: Math.floor(first / TILE_WIDTH),
    position: first % TILE_WIDTH,
    count,
  };
}

/**
 * The tiles that a vector grown from `oldSize` to `newSize` adds or replaces, levels ascending.
 * @cost  one entry for each 256 hashes of each level
 */
export function grownTiles(oldSize: number, newSize: number): Tile[] {
  invariant(oldSize >= 0 && oldSize <= newSize, "a vector only grows");
  const tiles: Tile[] = [];
  let before = oldSize;
  let after = newSize;
  for (let level = 0; after > 0; level += 1) {
    let first = Math.floor(before / TILE_WIDTH);
    while (after > before && first * TILE_WIDTH < after) {
      const width = Math.min(TILE_WIDTH, after - first * TILE_WIDTH);
      tiles.push({ level, index: first, width });
      first += 1;
    }
    before = Math.floor(before / TILE_WIDTH);
    after = Math.floor(after / TILE_WIDTH);
  }
  return tiles;
}
