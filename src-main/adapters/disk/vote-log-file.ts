/**
 * Decides how what a validator signs next is kept: a file that only grows, each entry with its
 * length and checksum, synced before the write is acknowledged. A torn end is an entry whose
 * signature never left; the newest whole entry counts. Long files are rewritten. An end is torn
 * when no whole entry follows it; otherwise it is damage, since later votes would be forgotten.
 */

import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { Fault, invariant } from "../../contract/outcome.ts";
import { VOTE_ENTRY_BYTES_MAX } from "../../ports/vote-log.ts";
import type { VoteLog } from "../../ports/vote-log.ts";
import { machineFiles, makeDurableFolder, replaceFile } from "./file-layer.ts";
import type { FileLayer, OpenFile } from "./file-layer.ts";
import { VOTE_LOG_BYTES_MAX } from "./limits.ts";
import { onDisk, storeFault } from "./store-faults.ts";

const PREFIX_BYTES = 8;

/** Opens the log, making it where there is none. The folder must be locked by this process. */
export function openVoteLog(path: string, files: FileLayer = machineFiles): VoteLog {
  let file = onDisk(path, () => {
    makeDurableFolder(files, dirname(path));
    return files.open(path);
  });
  const found = onDisk(path, () => newestEntry(file, path));
  let { entry, end } = found;
  let closed = false;
  onDisk(path, () => {
    file.truncate(end);
    // What is read here is acted on, and a killed process may have left it unsynced.
    file.dataSyncNow();
    files.syncFolder(dirname(path));
  });
  return {
    last: () => entry,
    async write(next) {
      invariant(!closed, "only an open log is written");
      const framed = frame(next);
      try {
        if (end + framed.length > VOTE_LOG_BYTES_MAX && end > 0) {
          // Closed first: Windows does not rename onto an open file.
          file.close();
          try {
            await replaceFile(files, dirname(path), path, framed);
            end = framed.length;
          } finally {
            file = files.open(path);
          }
        } else {
          file.write(end, framed);
          await file.dataSync();
          end += framed.length;
        }
      } catch (error) {
        throw storeFault(error, path);
      }
      entry = next;
    },
    close() {
      if (!closed) file.close();
      closed = true;
      return Promise.resolve();
    },
  };
}

function frame(entry: Uint8Array): Uint8Array {
  invariant(entry.length <= VOTE_ENTRY_BYTES_MAX, "a vote entry has its size");
  const framed = new Uint8Array(PREFIX_BYTES + entry.length);
  const view = new DataView(framed.buffer);
  view.setUint32(0, entry.length, true);
  view.setUint32(4, crc32(entry), true);
  framed.set(entry, PREFIX_BYTES);
  return framed;
}

function newestEntry(file: OpenFile, path: string): { entry: Uint8Array | undefined; end: number } {
  const size = file.size();
  let entry: Uint8Array | undefined;
  let end = 0;
  for (;;) {
    const prefix = file.read(end, PREFIX_BYTES);
    const length = lengthIn(prefix, 0, size - end);
    if (length === 0) break;
    const bytes = file.read(end + PREFIX_BYTES, length);
    if (crc32(bytes) !== viewOf(prefix).getUint32(4, true)) break;
    entry = bytes;
    end += PREFIX_BYTES + length;
  }
  if (end < size && holdsEntry(file.read(end, size - end))) {
    // This is no torn end: what was signed afterwards would be forgotten.
    throw new Fault("STORE_DAMAGED", `${path} is damaged at ${end}`, { file: path, at: end });
  }
  return { entry, end };
}

/** Bytes of the entry whose prefix stands at `at`, where `rest` bytes are left; 0 if none can. */
function lengthIn(bytes: Uint8Array, at: number, rest: number): number {
  if (rest <= PREFIX_BYTES || at + PREFIX_BYTES > bytes.length) return 0;
  // A file may have grown before its bytes came: zeros are no entry, though their checksum fits.
  const length = viewOf(bytes).getUint32(at, true);
  return length <= rest - PREFIX_BYTES && length <= VOTE_ENTRY_BYTES_MAX ? length : 0;
}

/** Whether a whole entry stands anywhere in the bytes after the first. */
function holdsEntry(bytes: Uint8Array): boolean {
  for (let at = 1; at + PREFIX_BYTES < bytes.length; at += 1) {
    const length = lengthIn(bytes, at, bytes.length - at);
    if (length === 0) continue;
    const first = at + PREFIX_BYTES;
    const checksum = viewOf(bytes).getUint32(at + 4, true);
    if (crc32(bytes.subarray(first, first + length)) === checksum) return true;
  }
  return false;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
