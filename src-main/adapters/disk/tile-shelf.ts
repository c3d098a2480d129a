/**
 * Decides where a tile is while it grows: in the database, written with its commit. Complete ones
 * move into their files later, each file durable before its row goes, so that there is always one.
 */

import { join } from "node:path";
import type { TreeName, TreeTile } from "../../ports/ledger-store.ts";
import type { FileLayer } from "./file-layer.ts";
import type { LedgerDatabase } from "./ledger-database.ts";
import { TILE_BYTES } from "./limits.ts";
import { onDisk, storeFault } from "./store-faults.ts";
import { readTileFile, tileFile, writeTileFiles } from "./tile-files.ts";

const TREES: readonly TreeName[] = ["vector", "outcome"];

/** The tiles of a store. */
export class TileShelf {
  readonly #files: FileLayer;
  readonly #folder: string;
  readonly #database: LedgerDatabase;

  constructor(files: FileLayer, folder: string, database: LedgerDatabase) {
    this.#files = files;
    this.#folder = folder;
    this.#database = database;
  }

  /** Writes a tile's row; only within a transaction. */
  put(tile: TreeTile): void {
    this.#database.tiles.put(tileKey(tile.tree, tile.level, tile.index), tile.hashes);
  }

  /** The tile, from its row or its file. */
  get(tree: TreeName, level: number, index: number): Uint8Array | undefined {
    const row = this.#database.tiles.get(tileKey(tree, level, index));
    if (row !== undefined) return row;
    const path = join(this.#folder, tileFile(tree, level, index));
    return onDisk(path, () => readTileFile(this.#files, path));
  }

  /** Moves every complete tile into its file; the rows go together, after all files are durable. */
  async settle(): Promise<void> {
    const complete: { key: Uint8Array; path: string; hashes: Uint8Array }[] = [];
    for (const { key, bytes } of this.#database.tiles.range()) {
      if (bytes.length !== TILE_BYTES) continue;
      const { tree, level, index } = tileOfKey(key);
      complete.push({ key, path: join(this.#folder, tileFile(tree, level, index)), hashes: bytes });
    }
    if (complete.length === 0) return;
    try {
      await writeTileFiles(this.#files, this.#folder, complete);
    } catch (error) {
      throw storeFault(error, this.#folder);
    }
    // A complete tile never changes, so no row became another while the files were written.
    this.#database.transact(() => {
      for (const { key } of complete) this.#database.tiles.remove(key);
    });
  }
}

/** u8 tree ‖ u8 level ‖ u64 index, big-endian so that rows sort by index. */
function tileKey(tree: TreeName, level: number, index: number): Uint8Array {
  const key = new Uint8Array(10);
  key[0] = TREES.indexOf(tree);
  key[1] = level;
  new DataView(key.buffer).setBigUint64(2, BigInt(index));
  return key;
}

function tileOfKey(key: Uint8Array): { tree: TreeName; level: number; index: number } {
  const index = Number(new DataView(key.buffer, key.byteOffset, 10).getBigUint64(2));
  return { tree: TREES[key[0]], level: key[1], index };
}
