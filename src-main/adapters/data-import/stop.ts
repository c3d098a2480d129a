/**
 * Decides how an import ends early: a refusal is thrown as `ImportStop` from wherever it is found
 * and never leaves the room; `importData` turns it into its rejection.
 */

import type { DATA_IMPORT_CODES } from "../../contract/codes/data-import.ts";
import { reject } from "../../contract/outcome.ts";
import type { Rejection } from "../../contract/outcome.ts";

/** The codes of this room. */
export type ImportCode = keyof typeof DATA_IMPORT_CODES;

/** What explains a refusal. */
export type ImportFacts = Readonly<Record<string, string | number | boolean>>;

/** Ends an import; `importData` alone catches it. */
export class ImportStop extends Error {
  readonly rejection: Rejection;

  constructor(code: ImportCode, facts: ImportFacts) {
    super(code);
    this.name = "ImportStop";
    this.rejection = reject(code, facts).rejection;
  }
}

/** Ends the import with that code. */
export function stop(code: ImportCode, facts: ImportFacts): never {
  throw new ImportStop(code, facts);
}

/** Ends the import where `found` is above a limit. */
export function checkLimit(limit: string, found: number, most: number, facts: ImportFacts): void {
  if (found > most) stop("DATA_IMPORT_TOO_LARGE", { ...facts, limit, found, most });
}

/** The code of a failed system call, "" for any other error. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}

/**
 * Ends the import over a failed system call on `file`; any other error is thrown on, for it is
 * ours and not the data's.
 */
export function stopUnreadable(error: unknown, file: string): never {
  const reason = systemCode(error);
  if (error instanceof ImportStop || reason === "") throw error;
  if (reason === "ENOENT" || reason === "ENOTDIR") stop("DATA_IMPORT_MISSING", { file });
  stop("DATA_IMPORT_UNREADABLE", { file, reason });
}
