/**
 * Decides where complete tiles stand: one immutable file of 256 hashes under its C2SP tlog-tiles
 * name below the tree's name. They are derived from the records and may be deleted.
 */

import { dirname, join } from "node:path";
import { TILE_WIDTH, tilePath } from "../../ledger/index.ts";
import type { TreeName } from "../../ports/ledger-store.ts";
import { makeDurableFolder, replaceFile } from "./file-layer.ts";
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

/** Writes a complete tile under its name, durably; `folder` is the folder of tiles. */
export async function writeTileFile(
  files: FileLayer,
  folder: string,
  path: string,
  hashes: Uint8Array,
): Promise<void> {
  makeDurableFolder(files, dirname(path), dirname(folder));
  await replaceFile(files, dirname(path), path, hashes);
}
