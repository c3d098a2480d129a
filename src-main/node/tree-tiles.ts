/**
 * Decides how the two trees are kept as C2SP tiles: which tiles a commit changes, how the hash of
 * a complete subtree is read from them, and how a tile that is gone is derived from the log.
 */

import { Fault, invariant } from "../contract/outcome.ts";
import { DIGEST_BYTES, leafHash, MerkleFrontier, rootFromLeafHashes } from "../crypto/index.ts";
import type { Hasher, ReadSubtree } from "../crypto/index.ts";
import { subtreesOfTiles, TILE_WIDTH, tileOfSubtree } from "../ledger/index.ts";
import type { LedgerReader, TreeName, TreeTile } from "../ports/ledger-store.ts";

/** Leaves to append to a tree. */
export interface TreeGrowth {
  readonly tree: TreeName;
  /** The right edge before: `Head.vectorFrontier` or `Head.outcomeFrontier`. */
  readonly frontier: Uint8Array;
  readonly leafHashes: readonly Uint8Array[];
}

/** The hashes of a tile, complete or at the right edge. */
export type ReadTile = (tree: TreeName, level: number, index: number) => Uint8Array;

/** The tiles that appending changes; `readTile` is asked for those at the right edge alone. */
export function tilesAfter(hasher: Hasher, growth: TreeGrowth, readTile: ReadTile): TreeTile[] {
  const { tree, frontier, leafHashes } = growth;
  const restored = MerkleFrontier.restore(hasher, frontier);
  invariant(restored.ok, "a head holds its right edges");
  const changed = new Map<string, { level: number; index: number; hashes: Uint8Array[] }>();
  const onSubtree = (level: number, index: number, hash: Uint8Array): void => {
    const place = tileOfSubtree(level, index);
    if (place.count !== 1) return;
    const name = `${place.level}/${place.index}`;
    let tile = changed.get(name);
    if (tile === undefined) {
      const before = place.position === 0 ? [] : split(readTile(tree, place.level, place.index));
      tile = { level: place.level, index: place.index, hashes: before };
      changed.set(name, tile);
    }
    invariant(tile.hashes.length === place.position, "a tile grows by one hash at a time");
    tile.hashes.push(hash);
  };
  restored.value.appendAll(leafHashes, onSubtree);
  return [...changed.values()].map(({ level, index, hashes }) => {
    return { tree, level, index, hashes: joined(hashes) };
  });
}

/** How many hashes a tile holds in a tree of that size; 0 when the tree has no such tile. */
export function tileWidth(level: number, index: number, size: number): number {
  const subtrees = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, subtrees - index * TILE_WIDTH));
}

/** Reads tiles from a store; one that is gone or too short is derived from the log. */
export function tilesOfStore(hasher: Hasher, store: LedgerReader): ReadTile {
  const derived = tilesOfLog(hasher, store);
  return (tree, level, index) => {
    const kept = store.tile(tree, level, index);
    const width = tileWidth(level, index, store.size());
    return kept?.length === width * DIGEST_BYTES ? kept : derived(tree, level, index);
  };
}

/**
 * Derives tiles from the log alone.
 * @cost  a scan of the 256^(level + 1) slots below the tile; only where a stored tile is no use
 */
export function tilesOfLog(hasher: Hasher, store: LedgerReader): ReadTile {
  const derive: ReadTile = (tree, level, index) => {
    const { payloads, hashes: floor } = store.floors();
    if (index * TILE_WIDTH ** (level + 1) < (tree === "vector" ? payloads : floor)) {
      const facts = { tree, level, index };
      throw new Fault("STORE_DAMAGED", "a tile is gone whose records are pruned", facts);
    }
    const width = tileWidth(level, index, store.size());
    const hashes: Uint8Array[] = [];
    for (let at = index * TILE_WIDTH; hashes.length < width; at += 1) {
      if (level > 0) hashes.push(rootFromLeafHashes(hasher, split(derive(tree, level - 1, at))));
      else hashes.push(leafHash(hasher, tree === "vector" ? store.record(at) : store.outcome(at)));
    }
    return joined(hashes);
  };
  return derive;
}

/** Reads complete subtrees of a tree through its tiles. */
export function subtreesOf(hasher: Hasher, tree: TreeName, readTile: ReadTile): ReadSubtree {
  return subtreesOfTiles(hasher, (level, index, position) => {
    const first = position * DIGEST_BYTES;
    return readTile(tree, level, index).subarray(first, first + DIGEST_BYTES);
  });
}

function split(tile: Uint8Array): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < tile.length; at += DIGEST_BYTES) {
    hashes.push(tile.slice(at, at + DIGEST_BYTES));
  }
  return hashes;
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * DIGEST_BYTES);
  for (const [index, hash] of hashes.entries()) bytes.set(hash, index * DIGEST_BYTES);
  return bytes;
}
