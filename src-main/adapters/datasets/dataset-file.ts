/** Decides how data set blobs stand on disk: whole, named by what they are, never half written. */

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { Fault } from "../../contract/outcome.ts";
import { readDataset } from "../../learning/index.ts";
import type { Dataset } from "../../learning/index.ts";

/**
 * Reads a data set blob from disk; the caller checks its root against the job's.
 * Throws Fault DATASET_FILE when it cannot be read or is not a data set.
 */
export function readDatasetFile(path: string): Dataset {
  let blob: Uint8Array;
  try {
    blob = readFileSync(path);
  } catch (cause) {
    throw new Fault("DATASET_FILE", `cannot read the data set ${path}`, { path }, cause);
  }
  const dataset = readDataset(blob);
  if (!dataset.ok) {
    throw new Fault("DATASET_FILE", `${path} is not a data set`, { path });
  }
  return dataset.value;
}

/** Writes a blob under a temporary name, syncs it and renames it into place. */
export function writeDatasetFile(path: string, blob: Uint8Array): void {
  const temporary = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, "w", 0o644);
    try {
      writeAll(file, blob);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    throw new Fault("DATASET_FILE", `cannot write the data set ${path}`, { path }, cause);
  }
}

/** A short write is legal, so writing goes on until nothing is left. */
function writeAll(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
