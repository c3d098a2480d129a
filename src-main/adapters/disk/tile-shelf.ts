/**
 * Decides where a tile is while it grows: in the database, written with its commit. Complete ones
 * move into their files later, durable there before their rows go, so that there is always one.
 */

import type { TilePart, TreeName, TreeTile } from "../../ports/ledger-store.ts";
import type { FileLayer } from "./file-layer.ts";
import type { LedgerDatabase } from "./ledger-database.ts";
import { TILE_BYTES } from "./limits.ts";
import { TileFiles, TREES } from "./tile-files.ts";
import type { PlacedTile } from "./tile-files.ts";

/** The tiles of a store. */
export class TileShelf {
  readonly #files: TileFiles;
  readonly #database: LedgerDatabase;
  /**
   * Tiles that may have a row: a tile that moved is then read without asking the database. One that
   * a failed transaction left here costs that question alone.
   */
  readonly #rows = new Set<string>();

  constructor(files: FileLayer, folder: string, database: LedgerDatabase) {
    this.#files = new TileFiles(files, folder);
    this.#database = database;
    for (const { key } of database.tiles.range()) {
      const { tree, level, index } = tileOfKey(key);
      this.#rows.add(nameOf(tree, level, index));
    }
  }

  /** Writes a tile's row; only within a transaction. */
  put(tile: TreeTile): void {
    this.#rows.add(nameOf(tile.tree, tile.level, tile.index));
    this.#database.tiles.put(tileKey(tile.tree, tile.level, tile.index), tile.hashes);
  }

  /** The tile, from its row or its file. */
  get(tree: TreeName, level: number, index: number): Uint8Array | undefined {
    const row = this.#rows.has(nameOf(tree, level, index))
      ? this.#database.tiles.get(tileKey(tree, level, index))
      : undefined;
    return row ?? this.#files.read(tree, level, index);
  }

  /** Some hashes of a tile that has moved into its file. */
  part({ tree, level, index, first, count }: TilePart): Uint8Array | undefined {
    if (this.#rows.has(nameOf(tree, level, index))) return undefined;
    return this.#files.read(tree, level, index, first, count);
  }

  /** Moves every complete tile into its file; the rows go together, after all are durable. */
  async settle(): Promise<void> {
    const complete: (PlacedTile & { readonly key: Uint8Array })[] = [];
    for (const { key, bytes } of this.#database.tiles.range()) {
      if (bytes.length === TILE_BYTES) complete.push({ key, ...tileOfKey(key), hashes: bytes });
    }
    if (complete.length === 0) return;
    await this.#files.write(complete);
    // A complete tile never changes, so no row became another while the files were written.
    this.#database.transact(() => {
      for (const { key } of complete) this.#database.tiles.remove(key);
    });
    for (const { tree, level, index } of complete) this.#rows.delete(nameOf(tree, level, index));
  }

  close(): void {
    this.#files.close();
  }
}

function nameOf(tree: TreeName, level: number, index: number): string {
  return `${tree}/${level}/${index}`;
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
