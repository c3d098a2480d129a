/** Decides what a check of a whole ledger reports. */

import type { TotalsRow } from "../../ledger/index.ts";

/** How far a check is. */
export interface VerifyProgress {
  readonly commits: number;
  readonly commitsTotal: number;
  readonly slots: number;
}

/** What was checked, and the first thing that is wrong. */
export interface VerifyReport {
  readonly ok: boolean;
  /** Code of the first damage; undefined when there is none. */
  readonly code: string | undefined;
  /** Where it is: slot, commit, file, tile or key. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly commits: number;
  readonly slots: number;
  readonly certificates: number;
  readonly signatures: number;
  readonly pages: number;
  readonly tiles: number;
  readonly indexRows: number;
  /** First slot whose record is held; of those before only hashes and outcomes were checked. */
  readonly prunedBelow: number;
  /** Commit after which execution began: 0 is the genesis, else it is the snapshot's. */
  readonly executedFrom: number;
  /** Money after the last commit that was checked. */
  readonly supply: TotalsRow | undefined;
  readonly durationMs: number;
}
