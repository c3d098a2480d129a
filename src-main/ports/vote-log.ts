/**
 * Decides how a validator remembers what it is about to sign. A signature leaves only after what
 * it says is durable, so no crash, restore or second start can make it say two things.
 */

/** Largest entry: a proposal of one commit with its statements. */
export const VOTE_ENTRY_BYTES_MAX = 268_435_456;

/** The newest entry is what counts; earlier ones may be forgotten. */
export interface VoteLog {
  /** What was written last, undefined when nothing ever was. */
  last(): Uint8Array | undefined;
  /** Replaces it; resolves when it would survive a power cut. */
  write(entry: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
