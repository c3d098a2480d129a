/**
 * Decides where a job's data set comes from: the blobs of this folder, into which the digits that
 * set-up packed are taken at the first start, and the owner's data when it is imported.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { DIGITS_BLOB_SHA256, DIGITS_DATASET_ROOT } from "../../adapters/datasets/index.ts";
import { bytesEqual, bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { OwnDataSets } from "./own-data-sets.ts";

/** Where set-up leaves the packed digits. */
const PACKED_DIGITS = fileURLToPath(new URL("../../../build/data/digits.blob", import.meta.url));

const DIGITS = hexToBytes(DIGITS_BLOB_SHA256);

/**
 * Takes the packed digits into the blobs unless they are there, whole; a damaged blob is replaced.
 * Throws Fault PROCESSES_DATASET when set-up has not packed them or the file is another one.
 */
export async function importDigits(blobs: BlobStore, file: string = PACKED_DIGITS): Promise<void> {
  if (await isWhole(blobs)) return;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Fault("PROCESSES_DATASET", `${file} is missing`, { file }, error);
  }
  const hash = await blobs.put(bytes);
  if (bytesEqual(hash, DIGITS)) return;
  await blobs.remove(hash);
  throw new Fault("PROCESSES_DATASET", `${file} is not the digits`, { file });
}

async function isWhole(blobs: BlobStore): Promise<boolean> {
  try {
    return (await blobs.get(DIGITS)) !== undefined;
  } catch (error) {
    if (error instanceof Fault && error.code === "BLOB_DAMAGED") return false;
    throw error;
  }
}

/** Path of the blob with this data set root; undefined for a data set that is not here. */
export function datasetPath(
  blobs: BlobStore,
  own: OwnDataSets,
  root: Uint8Array,
): string | undefined {
  return bytesToHex(root) === DIGITS_DATASET_ROOT ? blobs.path(DIGITS) : own.path(root);
}
