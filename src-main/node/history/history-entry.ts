/** Decides what the history of an account says: one entry for each thing that happened to it. */

import { enumeration, struct, text, u128, u64 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";

/** Longest code and wording of an entry. */
const WORDS_BYTES_MAX = 64;

/** Bytes of an entry in the local index. */
export const historyEntryCodec = struct({
  slot: u64,
  /** Commit time, milliseconds. */
  time: u64,
  /** What happened: "transfer in", "paid worker", "unit-seal", … */
  what: text(WORDS_BYTES_MAX),
  /** Direction of the change of the free balance, the fee aside. */
  change: enumeration({ none: 0, in: 1, out: 2 }),
  amountBase: u128,
  feeBase: u128,
  /** Empty when the record was applied, else why not. */
  code: text(WORDS_BYTES_MAX),
});

/** One entry. */
export type HistoryEntry = ValueOf<typeof historyEntryCodec>;
