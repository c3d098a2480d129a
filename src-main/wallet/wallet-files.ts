/**
 * Decides where the wallets a person makes lie: one keystore each in `keys/`, named by its owner,
 * open to the owner alone, never written over.
 */

import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { accept, Fault, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import type { AccountKey } from "./development-keys.ts";
import { closeToOthers, syncKeyFolder } from "./key-file.ts";
import { openKeystore, statedAddress } from "./keystore.ts";
import { WALLETS_MAX } from "./limits.ts";
import { guardPassword, passwordWaitMs } from "./password-guard.ts";

const ENDING = ".wallet.json";

/** The machine's own keys have these names. */
const RESERVED: readonly string[] = ["owner", "worker", "verifier", "validator"];

/** A stored wallet, not opened. */
export interface ListedWallet {
  readonly name: string;
  /** What its file states; null where it states none. */
  readonly address: Uint8Array | null;
}

/** Where a wallet was written. */
export interface StoredWallet {
  readonly file: string;
  /** Where the wallet that had the name before was moved; null when there was none. */
  readonly former: string | null;
}

/** The file of a wallet. @rejects WALLET_NAME */
export function walletFile(folder: string, name: string): Outcome<string> {
  const fits = /^[a-z0-9][a-z0-9-]{0,31}$/.test(name) && !RESERVED.includes(name);
  return fits ? accept(join(folder, name + ENDING)) : reject("WALLET_NAME");
}

/**
 * Whether a new wallet may have this name; asked before anything is made for it.
 * @rejects WALLET_NAME, WALLET_EXISTS
 */
export function checkNewWallet(folder: string, name: string, replace: boolean): Outcome<string> {
  const file = walletFile(folder, name);
  if (!file.ok || replace || !existsSync(file.value)) return file;
  return reject("WALLET_EXISTS", { file: file.value });
}

/**
 * Writes a new wallet, whole or not at all. With `replace`, the former one is moved aside: it may
 * be the only way to somebody's balance.
 * @rejects WALLET_NAME, WALLET_EXISTS
 * Throws Fault WALLET_KEY_IO.
 */
export function storeWallet(
  folder: string,
  name: string,
  { keystore, replace }: { readonly keystore: string; readonly replace: boolean },
): Outcome<StoredWallet> {
  const checked = checkNewWallet(folder, name, replace);
  if (!checked.ok) return checked;
  const file = checked.value;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const former = existsSync(file) ? freeName(`${file}.former`) : null;
    const temporary = `${file}.new`;
    rmSync(temporary, { force: true });
    writeWhole(temporary, keystore);
    if (former !== null) renameSync(file, former);
    const isNew = claimName(temporary, file);
    rmSync(temporary, { force: true });
    if (!isNew) return reject("WALLET_EXISTS", { file });
    syncKeyFolder(folder);
    return accept({ file, former });
  } catch (error) {
    throw ioFault(file, error);
  }
}

/**
 * Writes a key or a keystore to a file of the owner's choosing, which must not exist yet.
 * @rejects WALLET_EXPORT_EXISTS, WALLET_EXPORT_FILE
 */
export function writeExport(file: string, text: string, replace: boolean): Outcome<void> {
  try {
    if (existsSync(file)) {
      if (!replace) return reject("WALLET_EXPORT_EXISTS", { file });
      rmSync(file);
    }
    writeWhole(file, text);
    return accept(undefined);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    return reject("WALLET_EXPORT_FILE", { file, reason });
  }
}

/**
 * Reads a wallet's keystore, closing it to others first.
 * @rejects WALLET_NAME, WALLET_UNKNOWN
 * Throws Fault WALLET_KEY_IO, WALLET_KEY_OWNER, WALLET_KEY_PERMISSIONS.
 */
export function readWallet(folder: string, name: string): Outcome<string> {
  const file = walletFile(folder, name);
  if (!file.ok) return file;
  try {
    const handle = openSync(file.value, "r");
    try {
      closeToOthers(file.value, handle);
      return accept(readFileSync(handle, "utf8"));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw ioFault(file.value, error);
    const names = listWallets(folder).map((wallet) => wallet.name);
    return reject("WALLET_UNKNOWN", { name, known: names.join(" ") || "none" });
  }
}

/** Opens a keystore with its password; the daemon has a child do it. */
export type OpensKeystore = (text: string, password: string) => Promise<Outcome<AccountKey>>;

/**
 * Opens a wallet with its password; wrong ones make the next wait, whoever asks for it.
 * @param nowMs  the machine's clock
 * @rejects WALLET_NAME, WALLET_UNKNOWN, WALLET_PASSWORD, WALLET_PASSWORD_WAIT, WALLET_KEYSTORE_*
 */
export async function openWallet(
  folder: string,
  name: string,
  password: string,
  nowMs: number,
  open: OpensKeystore = openKeystore,
): Promise<Outcome<AccountKey>> {
  const keystore = readWallet(folder, name);
  if (!keystore.ok) return keystore;
  return guardPassword(attemptsFile(folder, name), nowMs, () => open(keystore.value, password));
}

/**
 * Opens a keystore that is to be brought here; wrong passwords make the next wait as well.
 * @rejects WALLET_PASSWORD, WALLET_PASSWORD_WAIT, WALLET_KEYSTORE_*
 * Throws Fault WALLET_KEY_IO.
 */
export function openForeignKeystore(
  folder: string,
  keystore: string,
  password: string,
  nowMs: number,
): Promise<Outcome<AccountKey>> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw ioFault(folder, error);
  }
  // No wallet's name begins so, and one count for all files is the stricter one.
  return guardPassword(attemptsFile(folder, "_import"), nowMs, () =>
    openKeystore(keystore, password),
  );
}

/** How long no password of this wallet is tried any more, after wrong ones; 0 where one may be. */
export function walletWaitMs(folder: string, name: string, nowMs: number): number {
  return passwordWaitMs(attemptsFile(folder, name), nowMs);
}

function attemptsFile(folder: string, name: string): string {
  return join(folder, `${name}.attempts`);
}

/** The wallets of a folder by name; none where there is no folder. */
export function listWallets(folder: string): ListedWallet[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return [];
  }
  const names = files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .filter((name) => walletFile(folder, name).ok)
    .sort((left, right) => (left < right ? -1 : 1));
  return names.slice(0, WALLETS_MAX).map((name) => ({ name, address: addressIn(folder, name) }));
}

function addressIn(folder: string, name: string): Uint8Array | null {
  try {
    return statedAddress(readFileSync(join(folder, name + ENDING), "utf8"));
  } catch {
    return null;
  }
}

function writeWhole(file: string, text: string): void {
  const handle = openSync(file, "wx", 0o600);
  try {
    const bytes = Buffer.from(text);
    // A short write is legal, so writing goes on until nothing is left.
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A link, unlike a rename, never takes the place of a file that came in between. */
function claimName(temporary: string, file: string): boolean {
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    // This file system has no links.
    renameSync(temporary, file);
    return true;
  }
}

function freeName(wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${wanted}-${number}`;
    if (!existsSync(name)) return name;
  }
}

function ioFault(file: string, error: unknown): Fault {
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  return new Fault("WALLET_KEY_IO", `${file}: ${reason}`, { file, reason }, error);
}
