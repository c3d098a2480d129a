/**
 * Decides how the results of ended units are kept: one JSON file each, read back through the
 * schema, so that `job show` still knows them after a restart. They repeat what ledger and worker
 * said; the ledger alone decides what was paid.
 */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkUnitResult } from "../../contract/control-api/index.ts";
import type { UnitResult } from "../../contract/control-api/index.ts";
import type { Log } from "../../ports/log.ts";

/** Results of ended units by unit id. */
export class UnitResults {
  readonly #folder: string;
  readonly #log: Log;
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
      const text = JSON.stringify(result, null, 2);
      writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.warn("a unit's result was not kept", { unit: result.unit, reason });
    }
  }

  /** The kept result of a unit; null when there is none or it cannot be read. */
  get(unit: string): UnitResult | null {
    if (this.#last?.unit === unit) return this.#last;
    try {
      const result = checkUnitResult(JSON.parse(readFileSync(this.#file(unit), "utf8")));
      return result.ok ? result.value : null;
    } catch {
      return null;
    }
  }

  #file(unit: string): string {
    return join(this.#folder, `${unit}.json`);
  }
}
