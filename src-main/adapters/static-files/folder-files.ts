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

/** Writes below a folder: temporary name, sync, rename; a file that is right is left alone. */
export function folderTarget(folder: string): StaticTarget {
  return {
    put(path, bytes) {
      const file = join(folder, ...path.split("/"));
      try {
        return Promise.resolve(putFile(file, bytes));
      } catch (error) {
        const cause = (error as NodeJS.ErrnoException).code ?? String(error);
        const code = cause === "ENOSPC" ? "STORE_DISK_FULL" : "STORE_FAILED";
        throw new Fault(code, `${file}: ${cause}`, { path: file }, error);
      }
    },
  };
}

function putFile(file: string, bytes: Uint8Array): "written" | "kept" {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.size === bytes.length && readFileSync(file).equals(bytes)) return "kept";
  const temporary = `${file}.part`;
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, "wx", 0o644);
  try {
    let done = 0;
    while (done < bytes.length) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  return "written";
}
