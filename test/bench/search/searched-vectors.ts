/** What benchmarks of searching are measured on. */

import type { FilledIndex } from "../ledger/filled-index.ts";

/** An index, queries, and what a search should find. */
export interface SearchedVectors {
  readonly index: FilledIndex;
  readonly queries: readonly Int8Array[];
  /** Slots of the ten nearest of all, for each query. */
  readonly exact: readonly ReadonlySet<number>[];
  /** As names of benchmarks have it. */
  readonly size: string;
}
