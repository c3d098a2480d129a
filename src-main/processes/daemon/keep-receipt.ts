/** Decides how a receipt is kept: one file per slot, whole or not at all. */

import { mkdir, rename, writeFile } from "node:fs/promises";

import { folderFault, receiptFile } from "../config/data-folder.ts";
import type { DataFolder } from "../config/data-folder.ts";

/** Writes a receipt and answers its file. Throws Fault PROCESSES_HOME or PROCESSES_DISK_FULL. */
export async function keepReceipt(
  folder: DataFolder,
  slot: number,
  bytes: Uint8Array,
): Promise<string> {
  const file = receiptFile(folder, slot);
  try {
    await mkdir(folder.receipts, { recursive: true, mode: 0o700 });
    // Synced before it has its name, or a power cut could leave an empty receipt.
    await writeFile(`${file}.new`, bytes, { flush: true });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw folderFault(file, error);
  }
  return file;
}
