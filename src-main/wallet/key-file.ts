/**
 * Decides how one secret key lies on disk: a file of its own, 64 hex digits and a line end, open
 * to its owner alone. A file that others can read is closed before it is used; where that fails,
 * the key is refused.
 */

import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

import { bytesToHex, hexToBytes } from "../contract/bytes.ts";
import { Fault } from "../contract/outcome.ts";
import { isSecretKey, SECRET_KEY_BYTES } from "../crypto/index.ts";
import type { SecretKeyCurve } from "../crypto/index.ts";

/** Permission bits of everyone but the owner. */
const OTHERS = 0o077;

/** Longest file that can hold a key, with room for a foreign line end. */
const KEY_FILE_BYTES_MAX = 2 * SECRET_KEY_BYTES + 2;

/** A key read from its file, and whether the file had to be closed to others first. */
export interface ReadKey {
  readonly secret: Uint8Array;
  readonly mended: boolean;
}

/**
 * Reads a key; null when there is no such file.
 * Throws Fault WALLET_KEY_OWNER, WALLET_KEY_PERMISSIONS, WALLET_KEY_FORM or WALLET_KEY_IO.
 */
export function readKeyFile(file: string, curve: SecretKeyCurve): ReadKey | null {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw ioFault(file, error);
  }
  try {
    const mended = closeToOthers(file, handle);
    return { secret: parseKey(file, handle, curve), mended };
  } finally {
    closeSync(handle);
  }
}

/** Writes a key to a file that does not exist yet, whole or not at all. Throws WALLET_KEY_IO. */
export function writeKeyFile(file: string, secret: Uint8Array): void {
  const temporary = `${file}.new`;
  try {
    const handle = openSync(temporary, "w", 0o600);
    try {
      if (process.platform !== "win32") chmodSync(temporary, 0o600);
      writeSync(handle, `${bytesToHex(secret)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    throw ioFault(file, error);
  }
}

/** Makes the names of keys, and of their folder, durable. Throws WALLET_KEY_IO. */
export function syncKeyFolder(folder: string): void {
  // Windows has no handle to a folder that can be flushed; its renames are journaled.
  if (process.platform === "win32") return;
  try {
    for (const path of [folder, dirname(folder)]) {
      const handle = openSync(path, "r");
      try {
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    }
  } catch (error) {
    throw ioFault(folder, error);
  }
}

/**
 * Closes an open key file to others; true where it had been open to them. Windows guards files by
 * the profile folder's access list, which the mode does not show.
 * Throws Fault WALLET_KEY_OWNER, WALLET_KEY_PERMISSIONS.
 */
export function closeToOthers(file: string, handle: number): boolean {
  if (process.platform === "win32") return false;
  const facts = fstatSync(handle);
  if (facts.uid !== process.getuid?.()) {
    throw new Fault("WALLET_KEY_OWNER", `${file} belongs to another user`, { file });
  }
  if ((facts.mode & OTHERS) === 0) return false;
  try {
    chmodSync(file, 0o600);
  } catch (error) {
    throw new Fault("WALLET_KEY_PERMISSIONS", `${file} is open to others`, { file }, error);
  }
  if ((fstatSync(handle).mode & OTHERS) !== 0) {
    throw new Fault("WALLET_KEY_PERMISSIONS", `${file} stays open to others`, { file });
  }
  return true;
}

/** The facts name the file and never what is in it. */
function parseKey(file: string, handle: number, curve: SecretKeyCurve): Uint8Array {
  const buffer = Buffer.alloc(KEY_FILE_BYTES_MAX + 1);
  let read: number;
  try {
    read = readSync(handle, buffer);
  } catch (error) {
    throw ioFault(file, error);
  }
  const secret = keyOfText(buffer.toString("latin1", 0, read), curve);
  if (secret === null) throw new Fault("WALLET_KEY_FORM", `${file} does not hold a key`, { file });
  return secret;
}

/** The key that a file's text is: 64 hex digits and at most a line end; null for anything else. */
export function keyOfText(text: string, curve: SecretKeyCurve): Uint8Array | null {
  if (!/^[0-9a-f]{64}\r?\n?$/.test(text)) return null;
  const secret = hexToBytes(text.slice(0, 2 * SECRET_KEY_BYTES));
  return isSecretKey(curve, secret) ? secret : null;
}

function ioFault(file: string, error: unknown): Fault {
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  return new Fault("WALLET_KEY_IO", `${file}: ${reason}`, { file, reason }, error);
}
