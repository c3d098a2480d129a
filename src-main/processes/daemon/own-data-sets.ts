/**
 * Decides how the owner's data sets are known again after a restart: one small file for each, named
 * by the data set root, that says which blob holds it and what its classes are called.
 */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { checkKeptDataSet } from "../../contract/control-api/index.ts";
import type { KeptDataSet, OwnData } from "../../contract/control-api/index.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import { folderFault } from "../config/data-folder.ts";
import type { ImportedSet } from "./import-messages.ts";

/** Data sets the owner brought, by root. */
export class OwnDataSets {
  readonly #folder: string;
  readonly #blobs: BlobStore;

  constructor(folder: string, blobs: BlobStore) {
    this.#folder = folder;
    this.#blobs = blobs;
  }

  /** Keeps what is known of a set. Throws Fault PROCESSES_HOME or PROCESSES_DISK_FULL. */
  keep({ root, blob, data, columns, vocabulary }: ImportedSet): void {
    const kept = { root: bytesToHex(root), blob: bytesToHex(blob), data, columns, vocabulary };
    const file = this.#file(kept.root);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, JSON.stringify(kept, null, 2), { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
    } catch (error) {
      throw folderFault(file, error);
    }
  }

  /** Forgets a set and its blob. Only for one that no job names. */
  async forget({ root, blob }: Pick<ImportedSet, "root" | "blob">): Promise<void> {
    rmSync(this.#file(bytesToHex(root)), { force: true });
    await this.#blobs.remove(blob);
  }

  /** Whether a job has been ordered on this set. */
  has(root: Uint8Array): boolean {
    return this.#read(root) !== null;
  }

  /** Path of the blob of a set; undefined when it is not known here. */
  path(root: Uint8Array): string | undefined {
    const kept = this.#read(root);
    return kept === null ? undefined : this.#blobs.path(hexToBytes(kept.blob));
  }

  /** What a set holds; null when it is not known here. */
  about(root: Uint8Array): OwnData | null {
    return this.#read(root)?.data ?? null;
  }

  /** The file that says what a set holds; null when it is not known here. */
  file(root: Uint8Array): string | null {
    return this.has(root) ? this.#file(bytesToHex(root)) : null;
  }

  /** A file that is missing or damaged counts as none: the data can be imported again. */
  #read(root: Uint8Array): KeptDataSet | null {
    const name = bytesToHex(root);
    try {
      const kept = checkKeptDataSet(JSON.parse(readFileSync(this.#file(name), "utf8")));
      return kept.ok && kept.value.root === name ? kept.value : null;
    } catch {
      return null;
    }
  }

  #file(root: string): string {
    return join(this.#folder, `${root}.json`);
  }
}
