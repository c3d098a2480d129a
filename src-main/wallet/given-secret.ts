/**
 * Decides how a secret that was given from outside is read: a key or a token that systemd, a
 * Kubernetes Secret or the operator put into a file. Such a file is never changed; one that others
 * may read is refused.
 */

import { closeSync, fstatSync, openSync, readSync } from "node:fs";

import { Fault } from "../contract/outcome.ts";
import { keyOfText } from "./key-file.ts";

/** Permissions of people who are neither the file's owner nor in its group. */
const ANYONE = 0o007;

/** Permissions of the group as well. */
const OTHERS = 0o077;

/** Writing by the group. */
const GROUP_WRITE = 0o020;

/** Nothing that is given is longer; the longest token is half of it. */
const GIVEN_BYTES_MAX = 1_024;

/** Who reads, and what the file's mode and owner are; stands apart so that rules can be tested. */
export interface GivenFileFacts {
  readonly mode: number;
  readonly uid: number;
  readonly ownUid: number;
}

/**
 * Whether a given file is closed enough. One of our own must be closed to all others. One of the
 * system's (root) may be open to a group, since systemd and Kubernetes give secrets that way: an
 * access list shows as the group's bits, `fsGroup` is the pod's own.
 * @returns the code that refuses it; null where it is taken
 */
export function givenFileRefusal({ mode, uid, ownUid }: GivenFileFacts): string | null {
  if (uid !== ownUid && uid !== 0) return "WALLET_KEY_OWNER";
  const open = uid === ownUid && ownUid !== 0 ? mode & OTHERS : mode & (ANYONE | GROUP_WRITE);
  return open === 0 ? null : "WALLET_GIVEN_OPEN";
}

/**
 * The text of a given file.
 * Throws Fault WALLET_GIVEN_MISSING, WALLET_KEY_OWNER, WALLET_GIVEN_OPEN, WALLET_GIVEN_FORM (too
 * long), WALLET_KEY_IO.
 */
export function readGivenText(file: string): string {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch (error) {
    throw openFault(file, error);
  }
  try {
    const { mode, uid } = fstatSync(handle);
    const ownUid = process.getuid?.();
    const code = ownUid === undefined ? null : givenFileRefusal({ mode, uid, ownUid });
    if (code !== null) throw new Fault(code, `${file} is not closed to others`, { file });
    return readAll(file, handle);
  } finally {
    closeSync(handle);
  }
}

/** A secp256k1 key from a given file. Throws as `readGivenText`, and Fault WALLET_KEY_FORM. */
export function readGivenKey(file: string): Uint8Array {
  const secret = keyOfText(readGivenText(file), "secp256k1");
  if (secret === null) throw new Fault("WALLET_KEY_FORM", `${file} does not hold a key`, { file });
  return secret;
}

function readAll(file: string, handle: number): string {
  const buffer = Buffer.alloc(GIVEN_BYTES_MAX + 1);
  let read: number;
  try {
    read = readSync(handle, buffer);
  } catch (error) {
    throw openFault(file, error);
  }
  if (read > GIVEN_BYTES_MAX) throw new Fault("WALLET_GIVEN_FORM", `${file} is too long`, { file });
  return buffer.toString("latin1", 0, read);
}

function openFault(file: string, error: unknown): Fault {
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  const code = reason === "ENOENT" ? "WALLET_GIVEN_MISSING" : "WALLET_KEY_IO";
  return new Fault(code, `${file}: ${reason}`, { file, reason }, error);
}
