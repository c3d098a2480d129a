/**
 * Decides where complete tiles stand: one immutable file of 256 hashes under a C2SP tlog-tiles
 * name, `<tree>/<level>/x001/x234/067`. They are derived from the records and may be deleted.
 */

import { dirname, join } from "node:path";
import type { TreeName } from "../../ports/ledger-store.ts";
import { replaceFile } from "./file-layer.ts";
import type { FileLayer } from "./file-layer.ts";
import { TILE_BYTES } from "./limits.ts";

/** Path of a tile below the folder of tiles: three digits a folder, all but the last with an x. */
export function tilePath(tree: TreeName, level: number, index: number): string {
  const groups = [String(index % 1_000).padStart(3, "0")];
  for (let rest = Math.floor(index / 1_000); rest > 0; rest = Math.floor(rest / 1_000)) {
    groups.unshift(`x${String(rest % 1_000).padStart(3, "0")}`);
  }
  return join(tree, String(level), ...groups);
}

/** Reads a complete tile; undefined when there is no file of the right size. */
export function readTileFile(files: FileLayer, path: string): Uint8Array | undefined {
  const bytes = files.readWhole(path);
  return bytes?.length === TILE_BYTES ? bytes : undefined;
}

/** Writes a complete tile under its name, durably. */
export async function writeTileFile(
  files: FileLayer,
  path: string,
  hashes: Uint8Array,
): Promise<void> {
  files.makeFolder(dirname(path));
  await replaceFile(files, dirname(path), path, hashes);
}
