/**
 * Decides what of a folder is seen: its entries by name in byte order, hidden ones left out, links
 * followed. A folder is read entry by entry, so that a huge one ends at the limit and not in
 * memory.
 */

import { opendir, stat } from "node:fs/promises";
import type { ImportLimits } from "./limits.ts";
import { byBytes, entryPath, shownBytes } from "./path-bytes.ts";
import { checkLimit, stopUnreadable } from "./stop.ts";

/** What stands at a path, after links. */
export type EntryKind = "file" | "folder" | "other";

const DOT = 0x2e;

/**
 * What stands at a path.
 * @rejects DATA_IMPORT_MISSING, DATA_IMPORT_UNREADABLE (a link to itself, a forbidden folder)
 */
export async function entryKind(path: Buffer): Promise<EntryKind> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return "folder";
    return found.isFile() ? "file" : "other";
  } catch (error) {
    stopUnreadable(error, shownBytes(path));
  }
}

/**
 * The names in a folder, one character per byte, in byte order, without hidden ones.
 * @rejects DATA_IMPORT_TOO_LARGE, DATA_IMPORT_MISSING, DATA_IMPORT_UNREADABLE
 */
export async function entryNames(folder: Buffer, limits: ImportLimits): Promise<string[]> {
  const file = shownBytes(folder);
  const names: string[] = [];
  let entries = 0;
  try {
    const opened = await opendir(folder, { encoding: "buffer" as BufferEncoding, bufferSize: 512 });
    for await (const entry of opened) {
      entries += 1;
      checkLimit("folder entries", entries, limits.folderEntries, { file });
      // The declared type says text; with the encoding above it is the bytes of the name.
      const name = entry.name as unknown as Buffer;
      if (name[0] !== DOT) names.push(name.toString("latin1"));
    }
  } catch (error) {
    stopUnreadable(error, file);
  }
  return names.sort(byBytes);
}

/** An entry of a folder with what it is. */
export interface Entry {
  readonly name: string;
  readonly path: Buffer;
  readonly kind: EntryKind;
}

/** The named entries of a folder with their kinds; one system call for each. */
export async function entries(folder: Buffer, names: readonly string[]): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const name of names) {
    const path = entryPath(folder, name);
    found.push({ name, path, kind: await entryKind(path) });
  }
  return found;
}
