/**
 * Decides what a node holds of the newest executed commit: all that the next one is checked
 * against. Stored beside the state pages and certificate (ARCHITECTURE.md section 14).
 */

import { fixedBytes, struct, u64, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";

/** A serialised right edge: u64 size and at most 53 hashes. */
const FRONTIER_BYTES_MAX = 8 + 53 * 32;

const digest = fixedBytes(32);
const frontier = varBytes(FRONTIER_BYTES_MAX);

/** Bytes of a head. */
export const headCodec = struct({
  genesisHash: digest,
  /** Commits executed; 0 is the genesis, which has no slot. */
  number: u64,
  epoch: u64,
  view: u64,
  /** Slot of the commit record. */
  firstSlot: u64,
  /** Slots of the vector, this commit included. */
  size: u64,
  /** Commit time, milliseconds. */
  time: u64,
  commitDigest: digest,
  /** Root of the vector, this commit included: what its certificate signs. */
  vectorRoot: digest,
  /** State and outcome root after this commit; the next commit record names them. */
  stateRoot: digest,
  outcomeRoot: digest,
  /** Beacon of this commit. */
  beacon: digest,
  vectorFrontier: frontier,
  outcomeFrontier: frontier,
});

/** The newest executed commit. */
export type Head = ValueOf<typeof headCodec>;
