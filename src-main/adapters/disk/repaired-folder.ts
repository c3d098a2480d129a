/**
 * Decides how a repaired ledger takes the place of the damaged one: it is made in a folder beside
 * it, gets its second name when it is whole and durable, and whoever opens the ledger next puts it
 * in its place; the damaged folder is kept under a name of its own.
 */

import { dirname } from "node:path";
import type { FileLayer } from "./file-layer.ts";

/** Where a repaired ledger is made. */
export function repairFolder(folder: string): string {
  return `${folder}.repair`;
}

/** Says durably that the folder of `repairFolder`, which is closed, is whole. */
export function endRepair(files: FileLayer, folder: string): void {
  files.rename(repairFolder(folder), repairedFolder(folder));
  files.syncFolder(dirname(folder));
}

/**
 * Puts a whole repaired ledger in its place; only for whoever holds the lock.
 * @returns  where the damaged folder is now; undefined where there was nothing to do
 */
export function placeRepaired(files: FileLayer, folder: string): string | undefined {
  const repaired = repairedFolder(folder);
  if (!files.exists(repaired)) return undefined;
  let aside: string | undefined;
  try {
    // Where this was cut off the place is empty already.
    files.rename(repaired, folder);
  } catch {
    aside = asideFolder(files, folder);
    files.rename(folder, aside);
    // Else a power cut may keep the next name alone, and the damaged folder has none.
    files.syncFolder(dirname(folder));
    files.rename(repaired, folder);
  }
  files.syncFolder(dirname(folder));
  return aside;
}

function repairedFolder(folder: string): string {
  return `${folder}.repaired`;
}

function asideFolder(files: FileLayer, folder: string): string {
  for (let number = 1; ; number += 1) {
    const path = `${folder}-damaged-${number}`;
    if (!files.exists(path)) return path;
  }
}
