/**
 * Decides how the results of ended units are kept: one JSON file each with a checksum, read back
 * through the schema, so that `job show` still knows them after a restart. They repeat what ledger
 * and worker said; the ledger alone decides what was paid, so a damaged one counts as none.
 */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { nativeSha256 } from "../../adapters/native-crypto/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { checkUnitResult } from "../../contract/control-api/index.ts";
import type { UnitResult } from "../../contract/control-api/index.ts";
import type { Log } from "../../ports/log.ts";

/** Results of ended units by unit id. */
export class UnitResults {
  readonly #folder: string;
  readonly #log: Log;
  /** Units whose damaged file was told; results are asked for again and again. */
  readonly #told = new Set<string>();
  #last: UnitResult | null = null;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** The newest result since the daemon started. */
  get last(): UnitResult | null {
    return this.#last;
  }

  /** Keeps a result; a disk that refuses costs the file, not the result. */
  keep(result: UnitResult): void {
    this.#last = result;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const file = this.#file(result.unit);
      const text = JSON.stringify({ checksum: checksumOf(result), result }, null, 2);
      writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.warn("a unit's result was not kept", { unit: result.unit, reason });
    }
  }

  /** The kept result of a unit; null when there is none, or it is damaged, which the log tells. */
  get(unit: string): UnitResult | null {
    if (this.#last?.unit === unit) return this.#last;
    const file = this.#file(unit);
    try {
      const result = keptResult(readFileSync(file, "utf8"), unit);
      if (result === null) this.#tellDamage(file, "its checksum, its form or its unit is another");
      return result;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
        this.#tellDamage(file, error instanceof Error ? error.message : String(error));
      }
      return null;
    }
  }

  #tellDamage(path: string, reason: string): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    const code = "PROCESSES_RESULT_DAMAGED";
    this.#log.warn("a kept result is not used", { code, path, reason });
  }

  #file(unit: string): string {
    return join(this.#folder, `${unit}.json`);
  }
}

/** The result in a file's text; null where it is not the one that was kept for the unit. */
function keptResult(text: string, unit: string): UnitResult | null {
  const kept = JSON.parse(text) as Partial<Record<"checksum" | "result", unknown>> | null;
  if (kept === null || kept.checksum !== checksumOf(kept.result)) return null;
  const result = checkUnitResult(kept.result);
  return result.ok && result.value.unit === unit ? result.value : null;
}

/** SHA-256 of the values as JSON without spaces, hex: how the file is laid out is no part of it. */
function checksumOf(result: unknown): string {
  return bytesToHex(nativeSha256(new TextEncoder().encode(JSON.stringify(result ?? null))));
}
