/**
 * Decides where the keys of an owner's subjects lie: one file for each subject in `keys/subjects/`,
 * open to the owner alone, every key wrapped to the owner's encryption key. Destroying the file is
 * how content is erased: the ledger keeps bytes that then nobody can read, and still verifies.
 */

import {
  closeSync,
  existsSync,
  fsyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { decode, encode, fixedBytes, list, struct, text, u8, varBytes } from "../codec/index.ts";
import type { ValueOf } from "../codec/index.ts";
import { bytesToHex, hexToBytes } from "../contract/bytes.ts";
import { accept, Fault, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { closeToOthers, syncKeyFolder } from "./key-file.ts";
import { SUBJECT_EPOCHS_KEPT_MAX, SUBJECT_LABEL_BYTES_MAX, SUBJECTS_MAX } from "./limits.ts";
import { unwrapSubjectKey, wrapSubjectKey } from "./private-content.ts";
import type { EncryptionKey } from "./private-content.ts";

const KEPT = ".subject";
const ERASED = ".erased";

const fileCodec = struct({
  version: u8,
  subject: fixedBytes(32),
  label: text(SUBJECT_LABEL_BYTES_MAX),
  owner: fixedBytes(20),
  /** Position n holds the key of epoch n, wrapped to the owner. */
  keys: list(varBytes(256), SUBJECT_EPOCHS_KEPT_MAX),
});

type SubjectFile = ValueOf<typeof fileCodec>;

/** A subject of this machine's owner. */
export interface KnownSubject {
  readonly subject: Uint8Array;
  /** The owner's word for it; never on the ledger. Empty once it was erased. */
  readonly label: string;
  readonly owner: Uint8Array | null;
  /** Newest key epoch that is kept here. */
  readonly keyEpoch: number;
  readonly erased: boolean;
}

/** Whose subject it is. */
export interface SubjectOwner {
  readonly address: Uint8Array;
  readonly encryption: EncryptionKey;
}

/** Fresh bytes from the operating system. */
export type FreshBytes = (count: number) => Uint8Array;

/**
 * Makes a subject and its first key; both are durable when this returns.
 * @rejects WALLET_SUBJECT_LABEL, WALLET_SUBJECT_EXISTS, WALLET_SUBJECTS
 * Throws Fault WALLET_KEY_IO.
 */
export function createSubject(
  keys: string,
  label: string,
  owner: SubjectOwner,
  fresh: FreshBytes,
): Outcome<KnownSubject> {
  const bytes = new TextEncoder().encode(label).length;
  if (bytes === 0 || bytes > SUBJECT_LABEL_BYTES_MAX) return reject("WALLET_SUBJECT_LABEL");
  const known = listSubjects(keys);
  if (known.some((one) => one.label === label)) return reject("WALLET_SUBJECT_EXISTS", { label });
  if (known.length >= SUBJECTS_MAX) return reject("WALLET_SUBJECTS", { max: SUBJECTS_MAX });
  const subject = fresh(32);
  const file = { version: 1, subject, label, owner: owner.address, keys: [] };
  const first = withNextKey(file, owner, fresh);
  if (!first.ok) return first;
  writeSubject(keys, first.value);
  return accept(knownOf(first.value));
}

/**
 * Makes the key of the next epoch, after a reader's grant was revoked.
 * @rejects WALLET_SUBJECT_UNKNOWN, WALLET_SUBJECT_ERASED, WALLET_SUBJECT_EPOCHS
 */
export function addSubjectKey(
  keys: string,
  subject: Uint8Array,
  owner: SubjectOwner,
  fresh: FreshBytes,
): Outcome<KnownSubject> {
  const file = readSubject(keys, subject);
  if (!file.ok) return file;
  const next = withNextKey(file.value, owner, fresh);
  if (!next.ok) return next;
  writeSubject(keys, next.value);
  return accept(knownOf(next.value));
}

function withNextKey(
  file: SubjectFile,
  owner: SubjectOwner,
  fresh: FreshBytes,
): Outcome<SubjectFile> {
  const keyEpoch = file.keys.length;
  if (keyEpoch >= SUBJECT_EPOCHS_KEPT_MAX) return reject("WALLET_SUBJECT_EPOCHS");
  const reader = { address: owner.address, encryptionKey: owner.encryption.publicKey };
  const wrapped = wrapSubjectKey({ ...file, keyEpoch }, fresh(32), reader, fresh(32));
  return wrapped.ok ? accept({ ...file, keys: [...file.keys, wrapped.value] }) : wrapped;
}

/**
 * The key of a subject's epoch, for its owner.
 * @rejects WALLET_SUBJECT_UNKNOWN, WALLET_SUBJECT_ERASED, WALLET_SUBJECT_EPOCH, CRYPTO_DECRYPT
 */
export function subjectKey(
  keys: string,
  at: { readonly subject: Uint8Array; readonly keyEpoch: number },
  owner: SubjectOwner,
): Outcome<Uint8Array> {
  const file = readSubject(keys, at.subject);
  if (!file.ok) return file;
  const wrapped = file.value.keys[at.keyEpoch];
  if (wrapped === undefined) return reject("WALLET_SUBJECT_EPOCH", { keyEpoch: at.keyEpoch });
  const reader = { address: owner.address, secret: owner.encryption.secret };
  return unwrapSubjectKey(at, wrapped, reader);
}

/**
 * Destroys every key of a subject: the file is overwritten, synced, and removed; what is left says
 * that it was. A disk that writes elsewhere than it is told may keep the old bytes until it reuses
 * them, and a backup keeps its own; both hold keys wrapped to the owner's encryption key.
 * @rejects WALLET_SUBJECT_UNKNOWN, WALLET_SUBJECT_ERASED
 * Throws Fault WALLET_KEY_IO; then the keys may still be there.
 */
export function eraseSubject(keys: string, subject: Uint8Array): Outcome<void> {
  const read = readSubject(keys, subject);
  // A file that does not read any more can still be destroyed.
  if (!read.ok && read.rejection.code !== "WALLET_SUBJECT_FILE") return read;
  const file = subjectFile(keys, subject, KEPT);
  try {
    const handle = openSync(file, "r+");
    try {
      writeSync(handle, new Uint8Array(fstatSync(handle).size), 0, null, 0);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    writeFileSync(subjectFile(keys, subject, ERASED), "", { mode: 0o600 });
    rmSync(file);
    syncKeyFolder(subjectFolder(keys));
    return accept(undefined);
  } catch (error) {
    throw ioFault(file, error);
  }
}

/** The owner's subjects by label, erased ones last; a file that does not read is left out. */
export function listSubjects(keys: string): KnownSubject[] {
  let names: string[];
  try {
    names = readdirSync(subjectFolder(keys)).sort((left, right) => (left < right ? -1 : 1));
  } catch {
    return [];
  }
  const kept: KnownSubject[] = [];
  const erased: KnownSubject[] = [];
  for (const name of names) {
    const hex = /^([0-9a-f]{64})\.(subject|erased)$/.exec(name);
    if (hex === null) continue;
    const subject = hexToBytes(hex[1]);
    if (hex[2] === "erased") {
      erased.push({ subject, label: "", owner: null, keyEpoch: 0, erased: true });
      continue;
    }
    const file = readSubject(keys, subject);
    if (file.ok) kept.push(knownOf(file.value));
  }
  kept.sort((left, right) => (left.label < right.label ? -1 : 1));
  return [...kept, ...erased];
}

function knownOf({ subject, label, owner, keys }: SubjectFile): KnownSubject {
  return { subject, label, owner, keyEpoch: keys.length - 1, erased: false };
}

function readSubject(keys: string, subject: Uint8Array): Outcome<SubjectFile> {
  const file = subjectFile(keys, subject, KEPT);
  let bytes: Uint8Array;
  try {
    const handle = openSync(file, "r");
    try {
      closeToOthers(file, handle);
      bytes = new Uint8Array(readFileSync(handle));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw ioFault(file, error);
    const erased = existsSync(subjectFile(keys, subject, ERASED));
    return reject(erased ? "WALLET_SUBJECT_ERASED" : "WALLET_SUBJECT_UNKNOWN");
  }
  const read = decode(fileCodec, bytes);
  const ours = read.ok && read.value.version === 1;
  if (ours && bytesToHex(read.value.subject) === bytesToHex(subject)) return read;
  return reject("WALLET_SUBJECT_FILE", { file });
}

/** Whole or not at all, and durable: a lost key cannot be made again. */
function writeSubject(keys: string, content: SubjectFile): void {
  const file = subjectFile(keys, content.subject, KEPT);
  try {
    mkdirSync(subjectFolder(keys), { recursive: true, mode: 0o700 });
    const handle = openSync(`${file}.new`, "w", 0o600);
    try {
      writeSync(handle, encode(fileCodec, content));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(`${file}.new`, file);
    syncKeyFolder(subjectFolder(keys));
  } catch (error) {
    throw ioFault(file, error);
  }
}

function subjectFolder(keys: string): string {
  return join(keys, "subjects");
}

function subjectFile(keys: string, subject: Uint8Array, ending: string): string {
  return join(subjectFolder(keys), bytesToHex(subject) + ending);
}

function ioFault(file: string, error: unknown): Fault {
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  return new Fault("WALLET_KEY_IO", `${file}: ${reason}`, { file, reason }, error);
}
