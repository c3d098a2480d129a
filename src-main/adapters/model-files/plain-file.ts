/**
 * Decides how one file of a model is read and written: plain files only, no link followed where the
 * model names the file, never more than a limit, and nothing written over.
 */

import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { stop, systemReason } from "./stop.ts";

/** Whose choice a path is: a person may name a link, a model's own text may not. */
export type PathBy = "person" | "model";

const { O_RDONLY, O_CREAT, O_EXCL, O_WRONLY } = constants;
/** Both are absent on Windows, which has neither such links nor such pipes here. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

function open(path: string, by: PathBy): number {
  try {
    return openSync(path, O_RDONLY | NO_WAIT | (by === "model" ? NO_LINK : 0));
  } catch (error) {
    const reason = systemReason(error);
    if (reason === "ENOENT" || reason === "ENOTDIR") return stop("MODEL_FILE_MISSING", { path });
    return stop("MODEL_FILE_UNREADABLE", { path, reason });
  }
}

/** Fills memory from a file; gives how many bytes there were. */
function fill(file: number, bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(file, bytes, at, bytes.length - at, null);
    if (read === 0) break;
    at += read;
  }
  return at;
}

/**
 * The first bytes of a file, all of it where `most` is at least its size and `whole` is set.
 * Stops with MODEL_FILE_MISSING, _UNREADABLE, _TOO_LARGE.
 */
export function readPlainFile(
  path: string,
  most: number,
  by: PathBy,
  { whole = true }: { readonly whole?: boolean } = {},
): Uint8Array {
  const file = open(path, by);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) stop("MODEL_FILE_UNREADABLE", { path, reason: "not a plain file" });
    if (whole && found.size > most) {
      stop("MODEL_FILE_TOO_LARGE", { path, bytes: found.size, most });
    }
    const bytes = new Uint8Array(Math.min(found.size, most));
    return bytes.subarray(0, fill(file, bytes));
  } catch (error) {
    return stop("MODEL_FILE_UNREADABLE", { path, reason: systemReason(error) });
  } finally {
    closeSync(file);
  }
}

/** Ends the work where something of that name exists. */
export function refuseExisting(path: string): void {
  try {
    lstatSync(path);
  } catch (error) {
    if (systemReason(error) === "ENOENT") return;
    stop("MODEL_FILE_WRITE", { path, reason: systemReason(error) });
  }
  stop("MODEL_FILE_EXISTS", { path });
}

/**
 * Writes a file under a name that is free; where that fails nothing of it stays.
 * Stops with MODEL_FILE_EXISTS, MODEL_FILE_WRITE.
 */
export function writePlainFile(path: string, bytes: Uint8Array): void {
  let file: number;
  try {
    file = openSync(path, O_WRONLY | O_CREAT | O_EXCL, 0o644);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === "EEXIST") stop("MODEL_FILE_EXISTS", { path });
    return stop("MODEL_FILE_WRITE", { path, reason });
  }
  try {
    let at = 0;
    while (at < bytes.length) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } catch (error) {
    rmSync(path, { force: true });
    stop("MODEL_FILE_WRITE", { path, reason: systemReason(error) });
  } finally {
    closeSync(file);
  }
}
