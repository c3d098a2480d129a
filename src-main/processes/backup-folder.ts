/**
 * Decides what a backup of a machine is: a folder with the keys, the genesis document and the
 * settings, and a list of their digests. With these a machine stays who it is; ledger and work are
 * made again. Nothing in it is encrypted but the wallets, so it is closed like the keys are.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { accept, Fault, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { folderFault } from "./config/data-folder.ts";
import type { DataFolder } from "./config/data-folder.ts";

/** Name of the list within a backup. */
const LIST = "backup.json";

/** A machine has some ten keys and wallets, and at most that many subjects' keys. */
const FILES_MAX = 100_000;

/** What is listed of a file. */
export interface BackedFile {
  /** Path within the backup, with forward slashes: "keys/owner.key". */
  readonly path: string;
  readonly sha256: string;
}

interface BackupList {
  readonly vivianBackup: 1;
  readonly network: string;
  readonly files: readonly BackedFile[];
}

/** Counts of wrong passwords, and what a write was cut off in, are not kept. */
const LEFT_OUT = /\.(attempts|new)$/;

/**
 * Writes a backup into a new folder.
 * @rejects PROCESSES_BACKUP_EXISTS, PROCESSES_NO_LEDGER
 * Throws Fault as `folderFault` says.
 */
export function writeBackup(
  folder: DataFolder,
  network: string,
  settings: string,
  target: string,
): Outcome<readonly BackedFile[]> {
  if (!existsSync(folder.genesis)) return reject("PROCESSES_NO_LEDGER", { folder: folder.network });
  if (existsSync(target)) return reject("PROCESSES_BACKUP_EXISTS", { folder: target });
  try {
    const kept = [
      ...filesBelow(folder.keys).map((path) => [`keys/${path}`, join(folder.keys, path)] as const),
      ["genesis.bin", folder.genesis] as const,
      ...(existsSync(settings) ? [["config.toml", settings] as const] : []),
    ];
    mkdirSync(target, { recursive: true, mode: 0o700 });
    const files = kept.map(([path, from]) => {
      const bytes = readFileSync(from);
      writeNew(join(target, path), bytes);
      return { path, sha256: digestOf(bytes) };
    });
    // Last, so that a backup that was cut off has no list and is refused.
    const list: BackupList = { vivianBackup: 1, network, files };
    writeNew(join(target, LIST), `${JSON.stringify(list, null, 2)}\n`);
    return accept(files);
  } catch (error) {
    throw folderFault(target, error);
  }
}

/**
 * Puts a backup into a data folder that has no network yet. Everything is read and checked before
 * anything is written, and the genesis document comes last: without it a restoring that was cut
 * off has founded nothing.
 * @rejects PROCESSES_BACKUP_DAMAGED, PROCESSES_RESTORE_EXISTS
 */
export function restoreBackup(
  source: string,
  folder: DataFolder,
  network: string,
): Outcome<readonly BackedFile[]> {
  const list = readList(source);
  if (!list.ok) return list;
  if (list.value.network !== network) {
    return reject("PROCESSES_BACKUP_DAMAGED", { folder: source, network: list.value.network });
  }
  const taken = [folder.genesis, folder.keys, folder.ledger].find((path) => existsSync(path));
  if (taken !== undefined) return reject("PROCESSES_RESTORE_EXISTS", { path: taken });
  const read: { readonly path: string; readonly bytes: Buffer }[] = [];
  for (const { path, sha256 } of list.value.files) {
    const bytes = existing(join(source, path));
    if (bytes === null || digestOf(bytes) !== sha256) {
      return reject("PROCESSES_BACKUP_DAMAGED", { folder: source, file: path });
    }
    read.push({ path, bytes });
  }
  const isGenesis = ({ path }: { readonly path: string }) => path === "genesis.bin";
  try {
    for (const { path, bytes } of read.filter((one) => !isGenesis(one))) {
      const isSettings = path === "config.toml";
      if (isSettings && existsSync(folder.config)) continue;
      writeNew(isSettings ? folder.config : join(folder.network, path), bytes);
    }
    for (const { bytes } of read.filter(isGenesis)) writeNew(folder.genesis, bytes);
  } catch (error) {
    throw folderFault(folder.network, error);
  }
  return accept(list.value.files);
}

/** A path that stays within: keys/…, genesis.bin or config.toml. */
const PATH = /^(?:genesis\.bin|config\.toml|keys(?:\/[A-Za-z0-9][A-Za-z0-9._-]*){1,3})$/;

function readList(source: string): Outcome<BackupList> {
  const damaged = reject("PROCESSES_BACKUP_DAMAGED", { folder: source, file: LIST });
  const bytes = existing(join(source, LIST));
  if (bytes === null) return damaged;
  try {
    const list = JSON.parse(bytes.toString("utf8")) as Partial<BackupList>;
    const { vivianBackup, network, files } = list;
    if (vivianBackup !== 1 || typeof network !== "string" || !Array.isArray(files)) return damaged;
    const isFile = (file: BackedFile) => PATH.test(file.path) && /^[0-9a-f]{64}$/.test(file.sha256);
    if (files.length > FILES_MAX || !files.every(isFile)) return damaged;
    const hasGenesis = files.some(({ path }: BackedFile) => path === "genesis.bin");
    return hasGenesis ? accept({ vivianBackup, network, files }) : damaged;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return damaged;
    throw error;
  }
}

function existing(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (reason === "ENOENT" || reason === "ENOTDIR" || reason === "EISDIR") return null;
    throw new Fault("PROCESSES_HOME", `${file}: ${reason}`, { folder: file, reason }, error);
  }
}

function writeNew(file: string, bytes: Buffer | string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, bytes, { mode: 0o600, flag: "wx", flush: true });
}

function filesBelow(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(folder, path);
      return entry.isFile() && !LEFT_OUT.test(entry.name) ? [path] : [];
    })
    .sort((a, b) => (a < b ? -1 : 1));
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
