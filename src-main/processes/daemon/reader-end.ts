/**
 * Decides what it means when a process that reads the ledger ends without an answer: a
 * memory-mapped file that ends too early ends its reader.
 */

import { join } from "node:path";
import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { DataFolder } from "../config/data-folder.ts";

/** Signals with which a system ends a process that reads where its file has nothing. */
const READ_FAULTS: readonly string[] = ["SIGBUS", "SIGSEGV", "SIGABRT", "SIGILL", "SIGTRAP"];

/** Why a process that reads the ledger said nothing: the damage it met, else the code given. */
export function endedBy(
  folder: DataFolder,
  otherwise: string,
  { code, signal }: { readonly code: number | null; readonly signal: NodeJS.Signals | null },
): Outcome<never> {
  if (signal === null || !READ_FAULTS.includes(signal)) {
    return reject(otherwise, { reason: signal ?? `exit code ${String(code)}` });
  }
  const file = join(folder.ledger, "database", "data.mdb");
  return reject("STORE_DAMAGED", { file, ended: signal });
}
