/** Decides what the process that makes a snapshot says to the daemon. */

import type { Outcome } from "../../contract/outcome.ts";
import type { MadeSnapshot } from "../../node/index.ts";

/** What it says beside the bytes, which it writes to its standard output. */
export type SnapshotWord = Outcome<Omit<MadeSnapshot, "bytes"> & { readonly length: number }>;
