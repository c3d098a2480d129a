/** Decides which code a failure of the disk has, so that the reader learns what to do next. */

import { statfsSync } from "node:fs";
import { constants } from "node:os";
import { Fault } from "../../contract/outcome.ts";

const { errno } = constants;
const FULL = new Set<unknown>(["ENOSPC", "EDQUOT", errno.ENOSPC, errno.EDQUOT]);
const DENIED = new Set<unknown>([
  ...["EROFS", "EACCES", "EPERM"],
  ...[errno.EROFS, errno.EACCES, errno.EPERM],
]);

/** Less free than this, and a write that lmdb says was cut short met a full disk. */
const FREE_BYTES_MIN = 65_536;

/** lmdb's PAGE_NOTFOUND, CORRUPTED, PANIC, VERSION_MISMATCH and INVALID. */
const DAMAGED = new Set<unknown>([-30_797, -30_796, -30_795, -30_794, -30_793]);

/** The fault for an error of `node:fs` (code is text) or of lmdb (code is a number). */
export function storeFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error;
  const cause = (error as { readonly code?: unknown }).code;
  const text = error instanceof Error ? error.message : String(error);
  if (DAMAGED.has(cause))
    return new Fault("STORE_DAMAGED", `${path}: ${text}`, { file: path }, error);
  const full = FULL.has(cause) || text.includes("No space left") || wasCutShort(cause, path);
  const code = full ? "STORE_DISK_FULL" : DENIED.has(cause) ? "STORE_READ_ONLY" : "STORE_FAILED";
  return new Fault(code, `${path}: ${text}`, { path }, error);
}

/** lmdb tells a write for which there was only some space as EIO; the disk itself says more. */
function wasCutShort(cause: unknown, path: string): boolean {
  if (cause !== errno.EIO) return false;
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize < FREE_BYTES_MIN;
  } catch {
    return false;
  }
}

/** Runs a step on the disk; whatever it throws becomes a Fault that names the path. */
export function onDisk<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw storeFault(error, path);
  }
}
