/** Decides the maxima of the room: what a child process, a job or a unit may make us hold or do. */

/** Progress messages a worker sends in a second; a screen shows no more. */
export const PROGRESS_PER_SECOND_MAX = 10;

/** Restarts of a child process without new progress; then the unit waits for its owner. */
export const RESTARTS_MAX = 6;

/** First wait before a restart; it doubles with each. */
export const RESTART_WAIT_MS = 250;

/** Attempts to send one record of a unit; a refusal that lasts is not cured by repeating. */
export const SUBMIT_ATTEMPTS_MAX = 5;

/** Time between looks at whether the reason is gone for which a unit was declined. */
export const DECLINED_LOOK_MS = 30_000;

/** First wait before a declined unit is taken up again; it doubles with each try, to the last. */
export const DECLINED_WAIT_FIRST_MS = 30_000;
export const DECLINED_WAIT_MS_MAX = 3_600_000;

/** Tries of one unit: some four hours, in which most units' time on the ledger is over. */
export const DECLINED_TRIES_MAX = 10;

/** Units a miner keeps in its list; older ones are on the ledger. */
export const UNITS_SHOWN_MAX = 64;

/** Units read from the ledger at start to find those in progress. */
export const UNITS_READ_MAX = 1_024;

/** Points of a loss curve: one for each segment of the longest unit. */
export const LOSS_POINTS_MAX = 1_023;

/** Bytes of state a verifier accepts for one segment: a model of 134 million with momentum. */
export const STATE_BYTES_MAX = 1_073_741_824;

/** Bytes of a checkpoint's header. */
export const CHECKPOINT_HEADER_BYTES_MAX = 4_096;

/** Steps of one segment that a stop keeps; a longer one begins anew. */
export const STOPPED_STEPS_MAX = 131_072;

/** Bytes of a file path in a message. */
export const PATH_BYTES_MAX = 4_096;

/** Ops re-run on the reference for one segment, and elements of each. */
export const SPOT_OPS = 1;
export const SPOT_ELEMENTS = 2;

/** Samples whose answers make the running training accuracy. */
export const ACCURACY_WINDOW_STEPS = 50;

/** Least share of the time that a worker is given; less is a pause. */
export const LEAST_PACE = 0.01;

/** Time a child has to end by itself after `stop`; then it is killed. */
export const STOP_WAIT_MS = 3_000;
