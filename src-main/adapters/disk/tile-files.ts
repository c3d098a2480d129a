/**
 * Decides where complete tiles stand: one immutable file of 256 hashes under its C2SP tlog-tiles
 * name below the tree's name. They are derived from the records and may be deleted.
 */

import { dirname, join } from "node:path";
import { TILE_WIDTH, tilePath } from "../../ledger/index.ts";
import type { TreeName } from "../../ports/ledger-store.ts";
import { makeDurableFolder, putInPlace } from "./file-layer.ts";
import type { FileLayer } from "./file-layer.ts";
import { TILE_BYTES } from "./limits.ts";

/** Path of a complete tile below the folder of tiles. */
export function tileFile(tree: TreeName, level: number, index: number): string {
  return join(tree, ...tilePath({ level, index, width: TILE_WIDTH }).split("/"));
}

/** Reads a complete tile; undefined when there is no file of the right size. */
export function readTileFile(files: FileLayer, path: string): Uint8Array | undefined {
  const bytes = files.readWhole(path);
  return bytes?.length === TILE_BYTES ? bytes : undefined;
}

/** A file to write: where, and its hashes. */
export interface TileFile {
  readonly path: string;
  readonly hashes: Uint8Array;
}

/**
 * Writes complete tiles under their names; all are durable when it resolves. A folder is synced
 * once for all tiles that came into it, since one sync takes longer than writing a tile.
 * @param folder  the folder of tiles
 */
export async function writeTileFiles(
  files: FileLayer,
  folder: string,
  tiles: readonly TileFile[],
): Promise<void> {
  const folders = new Set(tiles.map(({ path }) => dirname(path)));
  for (const each of folders) makeDurableFolder(files, each, dirname(folder));
  for (const { path, hashes } of tiles) await putInPlace(files, path, hashes);
  for (const each of folders) files.syncFolder(each);
}
