/**
 * Decides where complete tiles stand: in files of 4,096, each tile at its place, below the tree's
 * name and the level. They are derived from the records and may be deleted. One file for each tile
 * would be forty thousand for ten million slots, and a proof would open one every time.
 */

import { dirname, join } from "node:path";
import { TILE_WIDTH } from "../../ledger/index.ts";
import type { TreeName } from "../../ports/ledger-store.ts";
import { makeDurableFolder } from "./file-layer.ts";
import type { FileLayer, OpenFile } from "./file-layer.ts";
import { OPEN_TILE_FILES_MAX, TILE_BYTES, TILE_FILE_TILES } from "./limits.ts";
import { onDisk, storeFault } from "./store-faults.ts";

/** A complete tile and its place. */
export interface PlacedTile {
  readonly tree: TreeName;
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** More files than a tree has slots for; only to number them. */
const FILES_MAX = 2 ** 32;

const HASH_BYTES = TILE_BYTES / TILE_WIDTH;

/** The trees, by the number that stands for each in keys. */
export const TREES: readonly TreeName[] = ["vector", "outcome"];

/** Path of the file that holds a complete tile, below the folder of tiles. */
export function tileFile(tree: TreeName, level: number, index: number): string {
  return join(tree, String(level), String(Math.floor(index / TILE_FILE_TILES)));
}

/** Where a tile begins in its file. */
export function tileOffset(index: number): number {
  return (index % TILE_FILE_TILES) * TILE_BYTES;
}

/** The files of complete tiles below a folder. */
export class TileFiles {
  readonly #files: FileLayer;
  readonly #folder: string;
  /** Files that were read, by number; the last used stand last. */
  readonly #open = new Map<number, OpenFile>();
  #lastNumber = -1;
  #last: OpenFile | undefined;

  constructor(files: FileLayer, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /**
   * Hashes of a complete tile, all of them unless it is said which; undefined where its file does
   * not reach them, or nothing was written there.
   */
  read(
    tree: TreeName,
    level: number,
    index: number,
    first = 0,
    count = TILE_WIDTH,
  ): Uint8Array | undefined {
    return onDisk(this.#folder, () => {
      const size = count * HASH_BYTES;
      const at = tileOffset(index) + first * HASH_BYTES;
      const bytes = this.#opened(tree, level, index)?.read(at, size);
      return bytes?.length === size && isWritten(bytes) ? bytes : undefined;
    });
  }

  /** Writes complete tiles at their places; all are durable when it resolves. */
  async write(tiles: readonly PlacedTile[]): Promise<void> {
    const written = new Map<string, OpenFile>();
    try {
      for (const { tree, level, index, hashes } of tiles) {
        const path = join(this.#folder, tileFile(tree, level, index));
        let file = written.get(path);
        if (file === undefined) {
          makeDurableFolder(this.#files, dirname(path), dirname(this.#folder));
          file = this.#files.open(path);
          written.set(path, file);
        }
        file.write(tileOffset(index), hashes);
      }
      for (const file of written.values()) await file.dataSync();
      for (const folder of new Set([...written.keys()].map(dirname))) {
        this.#files.syncFolder(folder);
      }
    } catch (error) {
      throw storeFault(error, this.#folder);
    } finally {
      for (const file of written.values()) file.close();
    }
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
    this.#last = undefined;
  }

  #opened(tree: TreeName, level: number, index: number): OpenFile | undefined {
    const kind = TREES.length * level + TREES.indexOf(tree);
    const number = kind * FILES_MAX + Math.floor(index / TILE_FILE_TILES);
    if (number === this.#lastNumber && this.#last !== undefined) return this.#last;
    let file = this.#open.get(number);
    if (file === undefined) {
      const path = join(this.#folder, tileFile(tree, level, index));
      if (!this.#files.exists(path)) return undefined;
      file = this.#files.open(path);
    }
    this.#open.delete(number);
    this.#open.set(number, file);
    this.#lastNumber = number;
    this.#last = file;
    for (const [oldest, other] of this.#open) {
      if (this.#open.size <= OPEN_TILE_FILES_MAX) break;
      this.#open.delete(oldest);
      other.close();
    }
    return file;
  }
}

/** A hole reads as zeros, which hashes do not begin with: the first would have to be zero. */
function isWritten(hashes: Uint8Array): boolean {
  for (let byte = 0; byte < HASH_BYTES; byte += 1) if (hashes[byte] !== 0) return true;
  return false;
}
