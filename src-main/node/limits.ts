/** Decides the maxima of the node room, each with its reason. */

/** Records that may wait to be sealed: two full commits, so that a burst is spread, not lost. */
export const MEMPOOL_RECORDS_MAX = 8_192;

/** Stored bytes of all waiting records; bounds memory where every record has its full 64 KiB. */
export const MEMPOOL_BYTES_MAX = 67_108_864;

/** Waiting records of one account, so that one cannot fill the pool for everybody. */
export const MEMPOOL_ACCOUNT_MAX = 1_024;

/** Rows one listing (jobs, units, history) may answer; a page shows fewer. */
export const LIST_MAX = 1_000;

/** Updates one answer leads a light client on by: two an epoch, for all a trust period lasts. */
export const LIGHT_UPDATES_MAX = 32;

/** Blocks of 256 slots one reading of a feed looks into; some 10 ms, a quarter million slots. */
export const FEED_BLOCKS_MAX = 1_024;

/** Difference of the clock from commit time that is worth a warning (a validator's tolerance). */
export const CLOCK_WARN_MS = 2_000;

/** A check of the ledger lets other work run after this many milliseconds. */
export const VERIFY_SLICE_MS = 25;

/** Commits between two reports of progress of a check. */
export const VERIFY_PROGRESS_COMMITS = 64;

/** Longest wait of one timer, 2^31 − 1 ms; what is due later is looked at again then. */
export const TIMER_MS_MAX = 2_147_483_647;

/** Folded tiles of a tree kept in memory, 64 MiB: proofs within a million slots need no disk. */
export const FOLDED_TILES_MAX = 4_096;

/** Crowns of tiles of a tree kept in memory, 80 MiB: ten million slots are proved by few hashes. */
export const CROWNS_MAX = 40_960;

/** Pause between two steps of a build that is computed ahead; a step takes as long or less. */
export const BUILD_PAUSE_MS = 5;

/** Records whose signers a check asks for ahead: more than a commit's execution recovers. */
export const VERIFY_AHEAD_RECORDS = 4_096;

/** Newest commits whose payments are counted: some hours of a busy ledger, years of a quiet one. */
export const PAID_WINDOW_COMMITS_MAX = 65_536;

/** Payments of the window that are held, some 10 MiB; the oldest go first. */
export const PAID_WINDOW_PAYMENTS_MAX = 32_768;

/** Accounts whose balances are read for one measuring: sorting as many takes some 20 ms at once. */
export const MEASURED_ACCOUNTS_MAX = 32_768;

/** A measuring lets other work run after this many milliseconds. */
export const MEASURE_SLICE_MS = 10;

/** A measuring rests for this many times as long as it took: a twentieth of a core at most. */
export const MEASURE_REST_TIMES = 20;

/** The least rest between two measurings; each names its commit. */
export const MEASURE_REST_MS = 2_000;
