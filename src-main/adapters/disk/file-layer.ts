/**
 * Decides how the stores reach files. Injected, so that a test can record the order of writes and
 * syncs, lose what was not synced, or be out of space at any step.
 */

import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { COPY_CHUNK_BYTES } from "./limits.ts";

const dataSyncOf = promisify(fdatasync);

/** An open file, read and written at positions. */
export interface OpenFile {
  size(): number;
  /** At most `count` bytes from `position`; fewer where the file ends. */
  read(position: number, count: number): Uint8Array;
  write(position: number, bytes: Uint8Array): void;
  truncate(size: number): void;
  /** fdatasync: resolves when the bytes and the size would survive a power cut. */
  dataSync(): Promise<void>;
  /** The same, waiting for it: for what is read at the start and acted on at once. */
  dataSyncNow(): void;
  close(): void;
}

/** The few things the stores do with files and folders. */
export interface FileLayer {
  /** Makes the folder and those above it. */
  makeFolder(path: string): void;
  /** Opens for reading and writing, 0600, making the file where there is none. */
  open(path: string): OpenFile;
  exists(path: string): boolean;
  /** The whole file; undefined when there is none. */
  readWhole(path: string): Uint8Array | undefined;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Makes new and renamed names in a folder durable; nothing to do on Windows. */
  syncFolder(path: string): void;
}

/** Files of this machine. */
export const machineFiles: FileLayer = {
  makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: 0o700 }),
  open: (path) => openFile(path),
  exists: (path) => existsSync(path),
  readWhole(path) {
    try {
      const bytes = readFileSync(path);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  },
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
  syncFolder(path) {
    // Windows has no handle to a folder that can be flushed; its renames are journaled.
    if (process.platform === "win32") return;
    let descriptor: number;
    try {
      descriptor = openSync(path, "r");
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
  },
};

function openFile(path: string): OpenFile {
  const descriptor = openSync(path, existsSync(path) ? "r+" : "wx+", 0o600);
  return {
    size: () => fstatSync(descriptor).size,
    read(position, count) {
      const bytes = new Uint8Array(count);
      let held = 0;
      while (held < count) {
        const got = readSync(descriptor, bytes, held, count - held, position + held);
        if (got === 0) return bytes.slice(0, held);
        held += got;
      }
      return bytes;
    },
    write(position, bytes) {
      let done = 0;
      while (done < bytes.length) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
      }
    },
    truncate: (size) => ftruncateSync(descriptor, size),
    dataSync: () => dataSyncOf(descriptor),
    dataSyncNow: () => fdatasyncSync(descriptor),
    close: () => closeSync(descriptor),
  };
}

/**
 * Makes a folder and those above it up to `base`, and their names durable: a power cut may lose a
 * new folder with all that was synced in it. Names that are there already are synced too, since a
 * killed process may have made them and no more.
 */
export function makeDurableFolder(
  files: FileLayer,
  path: string,
  base: string = existingAbove(files, path),
): void {
  files.makeFolder(path);
  for (let at = path; at !== base; at = dirname(at)) files.syncFolder(dirname(at));
}

function existingAbove(files: FileLayer, path: string): string {
  let at = dirname(path);
  while (!files.exists(at) && at !== dirname(at)) at = dirname(at);
  return at;
}

/**
 * Replaces a file so that a reader finds the old bytes or the new ones, never a mixture, also
 * after a power cut: temporary name, sync, rename, sync of the folder. Others have their turn
 * between the parts of a long one.
 */
export async function replaceFile(
  files: FileLayer,
  folder: string,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  await putInPlace(files, path, bytes);
  files.syncFolder(folder);
}

/** The steps of `replaceFile` before the last: the name is durable once its folder is synced. */
export async function putInPlace(files: FileLayer, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.part`;
  files.remove(temporary);
  const file = files.open(temporary);
  try {
    for (let at = 0; at < bytes.length; at += COPY_CHUNK_BYTES) {
      if (at > 0) await setImmediate();
      file.write(at, bytes.subarray(at, at + COPY_CHUNK_BYTES));
    }
    await file.dataSync();
  } catch (error) {
    // On a full disk half a file takes space that others could use.
    files.remove(temporary);
    throw error;
  } finally {
    file.close();
  }
  files.rename(temporary, path);
}
