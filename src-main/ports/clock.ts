/**
 * Decides how a room learns the time and waits. Wall-clock milliseconds: they may jump when the
 * machine's clock is set, so nothing agreed upon may rely on them going up.
 */

/** Time and waiting; a test hands in a clock it moves itself. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC, an integer. */
  nowMs(): number;
  /**
   * Calls `action` once after about `delayMs` (0 to 2^31 − 1) of running time.
   * @returns a function that cancels it; calling that twice is harmless
   */
  after(delayMs: number, action: () => void): () => void;
}
