/** Decides how the files of an export are read from a folder and written into one. */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { readFileSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { accept, Fault, reject } from "../../contract/outcome.ts";
import type { StaticSource, StaticTarget } from "../../ports/static-files.ts";

/** Files below a folder. */
export function folderSource(folder: string): StaticSource {
  return {
    read(path, bytesMax) {
      const file = join(folder, ...path.split("/"));
      const found = statSync(file, { throwIfNoEntry: false });
      if (found?.isFile() !== true) return Promise.resolve(reject("EXPORT_MISSING"));
      if (found.size > bytesMax) {
        return Promise.resolve(reject("EXPORT_TOO_LONG", { bytes: found.size, max: bytesMax }));
      }
      const bytes = new Uint8Array(found.size);
      const descriptor = openSync(file, "r");
      try {
        let held = 0;
        while (held < bytes.length) {
          const got = readSync(descriptor, bytes, held, bytes.length - held, held);
          if (got === 0) return Promise.resolve(reject("EXPORT_TRUNCATED", { bytes: held }));
          held += got;
        }
      } finally {
        closeSync(descriptor);
      }
      return Promise.resolve(accept(bytes));
    },
  };
}

/**
 * Writes below a folder: temporary name, sync, rename; a file that is right is left alone. Names
 * are synced by `settle`, each folder once, since an export has many files in a folder.
 */
export function folderTarget(folder: string): StaticTarget {
  const unsettled = new Set<string>();
  return {
    put(path, bytes) {
      const file = join(folder, ...path.split("/"));
      return onDisk(file, () => {
        makeFolder(dirname(file), unsettled);
        // Also of what is there: whoever made it may have been killed before it was settled.
        for (let at = dirname(file); at !== dirname(folder); at = dirname(at)) unsettled.add(at);
        unsettled.add(dirname(folder));
        return putFile(file, bytes);
      });
    },
    settle: () =>
      onDisk(folder, () => {
        // The deepest first: a name counts once the folders above it hold theirs.
        for (const each of [...unsettled].sort((a, b) => b.length - a.length)) syncFolder(each);
        unsettled.clear();
        syncAbove(dirname(folder));
      }),
  };
}

function onDisk<T>(path: string, step: () => T): Promise<T> {
  try {
    return Promise.resolve(step());
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error);
    const code = FAULTS[cause] ?? "STORE_FAILED";
    throw new Fault(code, `${path}: ${cause}`, { path }, error);
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: "STORE_DISK_FULL",
  EDQUOT: "STORE_DISK_FULL",
  EROFS: "STORE_READ_ONLY",
  EACCES: "STORE_READ_ONLY",
  EPERM: "STORE_READ_ONLY",
};

function putFile(file: string, bytes: Uint8Array): "written" | "kept" {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.size === bytes.length && readFileSync(file).equals(bytes)) return "kept";
  const temporary = `${file}.part`;
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, "wx", 0o644);
  try {
    let done = 0;
    while (done < bytes.length) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } catch (error) {
    // On a full disk half a file takes space that others could use.
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  return "written";
}

/** Makes a folder and those above it; each one that is made leaves its parent unsettled. */
function makeFolder(folder: string, unsettled: Set<string>): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), unsettled);
  unsettled.add(dirname(folder));
  mkdirSync(folder);
}

/** Folders above, which a process that was killed may have made; one may refuse to be synced. */
function syncAbove(folder: string): void {
  for (let at = dirname(folder); at !== folder; folder = at, at = dirname(at)) {
    try {
      syncFolder(at);
    } catch {
      return;
    }
  }
}

function syncFolder(folder: string): void {
  // Windows has no handle to a folder that can be flushed; its renames are journaled.
  if (process.platform === "win32") return;
  let descriptor: number;
  try {
    descriptor = openSync(folder, "r");
  } catch (error) {
    // Another user's folder above ours may be passed through and not read; its names are old.
    if ((error as NodeJS.ErrnoException).code === "EACCES") return;
    throw error;
  }
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
