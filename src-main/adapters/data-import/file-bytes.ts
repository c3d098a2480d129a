/**
 * Decides how a file's bytes are read: in pieces, unpacked where they begin as gzip does, never
 * from anything but a plain file, and never beyond the limit.
 */

import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { entryKind } from "./folder-entries.ts";
import type { ImportLimits } from "./limits.ts";
import { shownBytes } from "./path-bytes.ts";
import { checkLimit, stop, stopUnreadable, systemCode } from "./stop.ts";

/** Pieces of 256 KiB: few turns of the event loop, little memory. */
const PIECE_BYTES = 262_144;

/** The bytes of a file in pieces, and how much of the file is read (0 to 1). */
export interface FilePieces {
  readonly pieces: AsyncIterable<Buffer>;
  readonly fraction: () => number;
}

/**
 * Lets `consume` read a file; it may end early.
 * @rejects DATA_IMPORT_MISSING, _UNREADABLE, _KIND (not a plain file), _TOO_LARGE, and _CORRUPT
 *          where gzip ends early or does not unpack
 */
export async function readPieces<T>(
  path: Buffer,
  limits: ImportLimits,
  consume: (file: FilePieces) => Promise<T>,
): Promise<T> {
  const file = shownBytes(path);
  const { handle, size } = await openPlainFile(path, limits.fileBytes);
  try {
    const packed = await beginsAsGzip(handle);
    const source = handle.createReadStream({ start: 0, highWaterMark: PIECE_BYTES });
    const fraction = () => (size === 0 ? 1 : Math.min(1, source.bytesRead / size));
    if (!packed) return await consume({ pieces: source, fraction });
    const unpacked = createGunzip({ chunkSize: PIECE_BYTES });
    // The reader sees every error on `unpacked`; the callback only keeps it from being thrown.
    pipeline(source, unpacked, () => undefined);
    return await consume({ pieces: unpacked, fraction });
  } catch (error) {
    if (systemCode(error).startsWith("Z_")) {
      stop("DATA_IMPORT_CORRUPT", { file, rule: "gzip unpacks to its end" });
    }
    stopUnreadable(error, file);
  } finally {
    await handle.close();
  }
}

/**
 * The bytes of a small file as a whole.
 * @rejects as `readPieces`, with the name of the limit
 */
export async function readWhole(path: Buffer, bytesMax: number): Promise<Buffer> {
  const { handle, size } = await openPlainFile(path, bytesMax);
  try {
    const bytes = Buffer.alloc(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } catch (error) {
    stopUnreadable(error, shownBytes(path));
  } finally {
    await handle.close();
  }
}

/** Opens a plain file; anything else could wait or go on for ever. */
async function openPlainFile(
  path: Buffer,
  bytesMax: number,
): Promise<{ handle: FileHandle; size: number }> {
  const file = shownBytes(path);
  // Before opening: to open a pipe waits for its writer.
  if ((await entryKind(path)) !== "file") stop("DATA_IMPORT_KIND", { file, rule: "a plain file" });
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (error) {
    stopUnreadable(error, file);
  }
  try {
    const { size } = await handle.stat();
    checkLimit("file bytes", size, bytesMax, { file });
    return { handle, size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function beginsAsGzip(handle: FileHandle): Promise<boolean> {
  const start = Buffer.alloc(2);
  const { bytesRead } = await handle.read(start, 0, 2, 0);
  return bytesRead === 2 && start[0] === 0x1f && start[1] === 0x8b;
}
