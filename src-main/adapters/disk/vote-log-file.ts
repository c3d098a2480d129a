/**
 * Decides how what a validator signs next is kept: a file that only grows, each entry with its
 * length and checksum, synced before the write is acknowledged. A torn end is an entry whose
 * signature never left; the newest whole entry counts. Long files are rewritten.
 */

import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { Fault, invariant } from "../../contract/outcome.ts";
import { VOTE_ENTRY_BYTES_MAX } from "../../ports/vote-log.ts";
import type { VoteLog } from "../../ports/vote-log.ts";
import { machineFiles, replaceFile } from "./file-layer.ts";
import type { FileLayer, OpenFile } from "./file-layer.ts";
import { VOTE_LOG_BYTES_MAX } from "./limits.ts";
import { onDisk, storeFault } from "./store-faults.ts";

const PREFIX_BYTES = 8;

/** Opens the log, making it where there is none. The folder must be locked by this process. */
export function openVoteLog(path: string, files: FileLayer = machineFiles): VoteLog {
  let file = onDisk(path, () => {
    files.makeFolder(dirname(path));
    return files.open(path);
  });
  const found = onDisk(path, () => newestEntry(file, path));
  let { entry, end } = found;
  let closed = false;
  onDisk(path, () => file.truncate(end));
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
  while (end + PREFIX_BYTES <= size) {
    const prefix = file.read(end, PREFIX_BYTES);
    const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES);
    const length = view.getUint32(0, true);
    if (length > VOTE_ENTRY_BYTES_MAX || end + PREFIX_BYTES + length > size) break;
    const bytes = file.read(end + PREFIX_BYTES, length);
    const next = end + PREFIX_BYTES + length;
    if (crc32(bytes) !== view.getUint32(4, true)) {
      if (next === size) break;
      // Bytes follow, so this is no torn end: what was signed afterwards would be forgotten.
      throw new Fault("STORE_DAMAGED", `${path} is damaged at ${end}`, { file: path, at: end });
    }
    entry = bytes;
    end += PREFIX_BYTES + length;
  }
  return { entry, end };
}
