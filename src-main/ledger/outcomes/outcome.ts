/** Decides what stands in leaf n of the outcome tree: what became of the record in slot n. */

import { list, struct, text, u128 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { CODE_BYTES_MAX, EFFECTS_MAX } from "../limits.ts";
import { effectCodec } from "./effects.ts";

/**
 * Bytes of an outcome. What a record did itself (accepted, disputed) stands in its own outcome;
 * what the commit did (start, assign, challenge, pay, void, refund) in its commit record's.
 */
export const recordOutcomeCodec = struct({
  code: text(CODE_BYTES_MAX),
  feeBase: u128,
  effects: list(effectCodec, EFFECTS_MAX),
});

/** An empty code is success; else the record was refused, kept its slot and paid its fee. */
export type RecordOutcome = ValueOf<typeof recordOutcomeCodec>;
