/**
 * Decides how blobs stand on the disk: one file per SHA-256, `ab/abcdef…`, written under a
 * temporary name, synced, renamed, so that a file with a hash for a name is whole or damaged by
 * the disk, never half-written. Every read is hashed again.
 */

import { constants } from "node:os";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { BLOB_BYTES_MAX } from "../../ports/blob-store.ts";
import type { BlobStore } from "../../ports/blob-store.ts";

/** Opens the folder of blobs, made where there is none; `hasher` is SHA-256. */
export function openBlobFiles(folder: string, hasher: Hasher): BlobStore {
  let temporaries = 0;
  const pathOf = (hash: Uint8Array) => {
    invariant(hash.length === 32, "a blob is named by a SHA-256");
    const name = bytesToHex(hash);
    return join(folder, name.slice(0, 2), name);
  };
  return {
    path: pathOf,
    async put(bytes) {
      if (bytes.length > BLOB_BYTES_MAX) {
        throw new Fault("BLOB_SIZE", "the blob is too large", { bytes: bytes.length });
      }
      const hash = hasher(bytes);
      const path = pathOf(hash);
      temporaries += 1;
      const temporary = `${path}.${process.pid}-${temporaries}.part`;
      await onFile(path, async () => {
        if (!(await holds(path, bytes))) {
          await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
          await writeSynced(temporary, path, bytes);
        }
        // Also where the blob was there: a killed process may have left its names unsynced.
        for (const above of ["..", "../..", "../../.."]) await syncFolder(join(path, above));
      });
      return hash;
    },
    async get(hash) {
      const path = pathOf(hash);
      const bytes = await onFile(path, () => readWhole(path));
      if (bytes === undefined) return undefined;
      if (!bytesEqual(hasher(bytes), hash)) {
        throw new Fault("BLOB_DAMAGED", `${path} does not have the hash in its name`, {
          file: path,
        });
      }
      return bytes;
    },
    has: (hash) => onFile(pathOf(hash), async () => (await sizeOf(pathOf(hash))) !== undefined),
    remove: (hash) => onFile(pathOf(hash), () => rm(pathOf(hash), { force: true })),
  };
}

/** Whether the file is there with these very bytes; a damaged one is written again. */
async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  if ((await sizeOf(path)) !== bytes.length) return false;
  const held = await readWhole(path);
  return held !== undefined && bytesEqual(held, bytes);
}

async function writeSynced(temporary: string, path: string, bytes: Uint8Array): Promise<void> {
  try {
    // Truncated where one is left: after a crash this process may have the same number.
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no handle to a folder that can be flushed; its renames are journaled.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readWhole(path: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === "ENOENT";
}

async function onFile<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const failure = error as { readonly code?: string; readonly errno?: number };
    const full = failure.code === "ENOSPC" || failure.errno === -constants.errno.ENOSPC;
    const text = error instanceof Error ? error.message : String(error);
    throw new Fault(full ? "BLOB_DISK_FULL" : "BLOB_FAILED", text, { file: path }, error);
  }
}
